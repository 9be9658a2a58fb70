package io.portcullis.endpoint;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The two ports of a service.
 *
 * @param management for health and metrics
 * @param main for dumps
 */
record PortPair(int management, int main) {
  /** The distance between the ports that services have by themselves, 9000 and 8080. */
  private static final int BETWEEN = 920;

  private static final int HIGHEST = 0xffff;
  private static final Pattern RANGE = Pattern.compile("(\\d{1,5})-(\\d{1,5})");

  /**
   * Parses a range of management ports; each has a main port.
   *
   * @throws IllegalArgumentException with the setting's name and its form
   */
  static List<PortPair> parse(String text) {
    var range = RANGE.matcher(text.strip());
    if (range.matches()) {
      var first = Integer.parseInt(range.group(1));
      var last = Integer.parseInt(range.group(2));
      if (first > BETWEEN && first <= last && last <= HIGHEST) {
        return IntStream.rangeClosed(first, last)
            .mapToObj(port -> new PortPair(port, port - BETWEEN))
            .toList();
      }
    }
    throw new IllegalArgumentException(
        "PORTCULLIS_PORTS: not a range of ports above " + BETWEEN + ", as 9001-9009: " + text);
  }
}
