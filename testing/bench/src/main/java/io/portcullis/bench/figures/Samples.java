package io.portcullis.bench.figures;

import java.util.Arrays;

/** Measured times of one kind in nanoseconds, or other whole numbers of one kind. */
public final class Samples {
  private long[] values = new long[1_024];
  private int count;

  /** Adds a sample. */
  public void add(long value) {
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    values[count++] = value;
  }

  /** Returns the value that so many percent of the samples do not exceed. */
  public long percentile(int percent) {
    var sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(count * percent / 100.0) - 1)];
  }

  /** Returns how many of these times, in nanoseconds, fit in a second. */
  public double perSecond() {
    return count * 1e9 / Arrays.stream(values, 0, count).sum();
  }
}
