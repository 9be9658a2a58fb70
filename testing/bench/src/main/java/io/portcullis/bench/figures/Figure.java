package io.portcullis.bench.figures;

import java.util.Locale;

/**
 * One result of a benchmark. Its text is a line {@code name value unit}.
 *
 * @param name words of {@code [a-z0-9_]}, separated by dots
 * @param value the measured value
 * @param unit the unit of the value, such as {@code ms}, {@code MiB} or {@code ratio}
 * @param decimals how many decimals are printed
 */
public record Figure(String name, double value, String unit, int decimals) {

  /** Creates a measured value with two decimals. */
  public Figure(String name, double value, String unit) {
    this(name, value, unit, 2);
  }

  /** Returns a count, without decimals. */
  public static Figure count(String name, long value, String unit) {
    return new Figure(name, value, unit, 0);
  }

  @Override
  public String toString() {
    return name + " " + String.format(Locale.ROOT, "%." + decimals + "f", value) + " " + unit;
  }
}
