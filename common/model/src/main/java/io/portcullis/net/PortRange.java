package io.portcullis.net;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * An inclusive range of ports of one protocol, written {@code tcp/80} or {@code tcp/8000-8100}.
 * Every port of a protocol is {@code 0-65535} (N8).
 */
public record PortRange(Protocol protocol, int first, int last) implements Comparable<PortRange> {
  private static final Comparator<PortRange> ORDER =
      Comparator.comparing(PortRange::protocol)
          .thenComparing(PortRange::first)
          .thenComparing(PortRange::last);

  public PortRange {
    if (first < 0 || last > 65535 || first > last) {
      throw new IllegalArgumentException("not a range of ports: " + first + "-" + last);
    }
  }

  public static PortRange of(Protocol protocol, int port) {
    return new PortRange(protocol, port, port);
  }

  /** Returns every port of the protocol. */
  public static PortRange all(Protocol protocol) {
    return new PortRange(protocol, 0, 65535);
  }

  @JsonCreator
  public static PortRange parse(String text) {
    var parts = text.split("[/-]");
    if (parts.length < 2 || parts.length > 3) {
      throw new IllegalArgumentException("not a port (tcp/80, tcp/8000-8100): " + text);
    }
    var first = Integer.parseInt(parts[1]);
    return new PortRange(
        Protocol.valueOf(parts[0].toUpperCase(java.util.Locale.ROOT)),
        first,
        parts.length == 3 ? Integer.parseInt(parts[2]) : first);
  }

  public boolean isAll() {
    return first == 0 && last == 65535;
  }

  public boolean contains(Protocol other, int port) {
    return protocol == other && first <= port && port <= last;
  }

  /** Returns the same ports as disjoint ranges in order, with adjoining ranges merged. */
  public static List<PortRange> merge(Collection<PortRange> ranges) {
    var merged = new ArrayList<PortRange>();
    for (var range : ranges.stream().sorted().toList()) {
      var before = merged.isEmpty() ? null : merged.getLast();
      if (before != null && before.protocol == range.protocol && range.first <= before.last + 1) {
        merged.set(
            merged.size() - 1,
            new PortRange(range.protocol, before.first, Math.max(before.last, range.last)));
      } else {
        merged.add(range);
      }
    }
    return List.copyOf(merged);
  }

  @Override
  public int compareTo(PortRange other) {
    return ORDER.compare(this, other);
  }

  @Override
  @JsonValue
  public String toString() {
    return protocol.nft() + "/" + first + (first == last ? "" : "-" + last);
  }
}
