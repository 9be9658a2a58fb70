package io.portcullis.policy.explain;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The question whether one party may connect to the other.
 *
 * @param port empty for ICMP and ICMPv6
 */
public record Question(Party from, Party to, Optional<Flow.Port> port) {
  private static final Pattern NUMBERED = Pattern.compile("(tcp|udp|sctp)/([1-9][0-9]{0,4})");
  private static final Pattern PORTLESS = Pattern.compile("icmp|icmpv6");
  private static final int LAST_PORT = 65535;

  /** A party that a question can be about. */
  public sealed interface Party {

    /** The owner of an address. */
    record Address(IpAddress ip) implements Party {}

    /** A pod, with all of its addresses. */
    record NamedPod(ObjectKey key) implements Party {}
  }

  /**
   * Parses a question as people write it.
   *
   * @param from {@code namespace/pod} or an address
   * @param to {@code namespace/pod} or an address
   * @param port {@code tcp/80}, {@code udp/53}, {@code sctp/9}, {@code icmp} or {@code icmpv6}
   * @throws IllegalArgumentException with the field's name and the reason
   */
  public static Question parse(String from, String to, String port) {
    return new Question(party("from", from), party("to", to), port(port));
  }

  private static Party party(String field, String text) {
    var slash = text.indexOf('/');
    try {
      return slash > 0
          ? new Party.NamedPod(ObjectKey.pod(text.substring(0, slash), text.substring(slash + 1)))
          : new Party.Address(IpAddress.parse(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          field + ": neither namespace/pod nor an IP address: " + text, e);
    }
  }

  private static Optional<Flow.Port> port(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    if (PORTLESS.matcher(lower).matches()) {
      return Optional.empty();
    }
    var numbered = NUMBERED.matcher(lower);
    if (numbered.matches() && Integer.parseInt(numbered.group(2)) <= LAST_PORT) {
      var protocol = Protocol.valueOf(numbered.group(1).toUpperCase(Locale.ROOT));
      return Optional.of(new Flow.Port(protocol, Integer.parseInt(numbered.group(2))));
    }
    throw new IllegalArgumentException(
        "port: not a protocol and port such as tcp/80, udp/53, sctp/9 or icmp: " + text);
  }
}
