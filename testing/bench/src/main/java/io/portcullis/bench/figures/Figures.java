package io.portcullis.bench.figures;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Samples by name, and their percentiles as lines {@code name value unit}. */
public final class Figures {
  private static final List<Integer> PERCENTILES = List.of(50, 90, 99);

  private final String prefix;
  private final Map<String, List<Long>> samples = new LinkedHashMap<>();

  /**
   * @param prefix of all names
   */
  public Figures(String prefix) {
    this.prefix = prefix;
  }

  public void add(String name, long micros) {
    samples.computeIfAbsent(name, _ -> new ArrayList<>()).add(micros);
  }

  /** The value that so many percent of a name's samples are not above, in microseconds. */
  public long percentile(String name, int percent) {
    var sorted = samples.get(name).stream().sorted().toList();
    return sorted.get(Math.max(0, (sorted.size() * percent + 99) / 100 - 1));
  }

  /** All percentiles of all names, in milliseconds, in the order in which names came. */
  public List<String> lines() {
    var lines = new ArrayList<String>();
    for (var name : samples.keySet()) {
      for (var percent : PERCENTILES) {
        lines.add(line(name + ".p" + percent, percentile(name, percent) / 1_000.0, "ms"));
      }
    }
    return lines;
  }

  /** How many times as long the one takes as the other, at the median. */
  public String ratio(String name, String to) {
    return line(name + ".to." + to, percentile(name, 50) / (double) percentile(to, 50), "ratio");
  }

  private String line(String name, double value, String unit) {
    return String.format(Locale.ROOT, "%s.%s %.2f %s", prefix, name, value, unit);
  }
}
