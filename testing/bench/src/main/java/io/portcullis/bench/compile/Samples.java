package io.portcullis.bench.compile;

import java.util.Arrays;

/** Numbers that were measured. */
final class Samples {
  private static final double NANOS_PER_MICRO = 1_000;

  private long[] values = new long[1_024];
  private int count;

  /** Takes one figure. */
  interface Line {
    void tell(String name, double value, String unit);
  }

  void add(long value) {
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    values[count++] = value;
  }

  /** The value that so many percent are not above. */
  long percentile(int percent) {
    var sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(count * percent / 100.0) - 1)];
  }

  /** Of nanoseconds, in microseconds. */
  void percentiles(String name, Line to) {
    to.tell(name + ".p50", percentile(50) / NANOS_PER_MICRO, "us");
    to.tell(name + ".p99", percentile(99) / NANOS_PER_MICRO, "us");
  }

  /** Of nanoseconds: how many of these there are in a second. */
  double perSecond() {
    return count * 1e9 / Arrays.stream(values, 0, count).sum();
  }
}
