package io.portcullis.bench.figures;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measured times by name, and the figures that summarize them. */
public final class Figures {
  private static final List<Integer> PERCENTILES = List.of(50, 90, 99);
  private static final double MICROS_PER_MILLI = 1_000;

  private final String prefix;
  private final Map<String, Samples> samples = new LinkedHashMap<>();

  /**
   * Creates an empty collection.
   *
   * @param prefix the prefix of all names
   */
  public Figures(String prefix) {
    this.prefix = prefix;
  }

  /** Adds a time, in microseconds. */
  public void add(String name, long micros) {
    samples.computeIfAbsent(name, _ -> new Samples()).add(micros);
  }

  /** Returns a percentile of a name's times, in milliseconds. */
  public Figure percentile(String name, int percent) {
    var value = samples.get(name).percentile(percent) / MICROS_PER_MILLI;
    return new Figure(prefix + "." + name + ".p" + percent, value, "ms");
  }

  /** Returns all percentiles of all names, in the order in which names came. */
  public List<Figure> percentiles() {
    return samples.keySet().stream()
        .flatMap(name -> PERCENTILES.stream().map(percent -> percentile(name, percent)))
        .toList();
  }

  /** Returns how many times as long the one takes as the other, at the median. */
  public Figure ratio(String name, String to) {
    var ratio = samples.get(name).percentile(50) / (double) samples.get(to).percentile(50);
    return new Figure(prefix + "." + name + ".to." + to, ratio, "ratio");
  }
}
