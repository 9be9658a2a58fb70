package io.portcullis.cli;

import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.policy.reach.PortSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads ports as people write them. */
final class AskedPorts {
  private static final Pattern PROTOCOL = Pattern.compile("tcp|udp|sctp");
  private static final Pattern PORTLESS = Pattern.compile("icmp|icmpv6");
  private static final Pattern NUMBERED =
      Pattern.compile("(tcp|udp|sctp)/[0-9]{1,5}(-[0-9]{1,5})?");

  private static final String ALL = "all";
  private static final String EXCEPT = "all except ";
  private static final String OTHERS = "icmp and others";

  private AskedPorts() {}

  /**
   * Returns the ports of a list as answers print it, such as {@code tcp/80, udp} or {@code all
   * except tcp/25}.
   *
   * @throws IllegalArgumentException when an item names no ports
   */
  static PortSet parseList(String text) {
    if (text.equals(ALL)) {
      return PortSet.EVERYTHING;
    }
    return text.startsWith(EXCEPT)
        ? PortSet.EVERYTHING.minus(union(text.substring(EXCEPT.length())))
        : union(text);
  }

  private static PortSet union(String list) {
    return Stream.of(list.split(",", -1))
        .map(String::strip)
        .map(item -> parse(item.equals(OTHERS) ? "icmp" : item))
        .reduce(PortSet.NOTHING, PortSet::or);
  }

  /**
   * Returns the ports that a text names: {@code tcp/80}, {@code tcp/8000-8100}, {@code udp} or
   * {@code icmp}.
   *
   * @throws IllegalArgumentException when it names none
   */
  static PortSet parse(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    if (PORTLESS.matcher(lower).matches()) {
      return PortSet.of(Optional.empty());
    }
    if (PROTOCOL.matcher(lower).matches()) {
      var protocol = Protocol.valueOf(lower.toUpperCase(Locale.ROOT));
      return PortSet.of(List.of(PortRange.all(protocol)));
    }
    if (NUMBERED.matcher(lower).matches()) {
      return PortSet.of(List.of(PortRange.parse(lower)));
    }
    throw new IllegalArgumentException(
        "not ports such as tcp/80, tcp/8000-8100, udp or icmp: " + text);
  }
}
