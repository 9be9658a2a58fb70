package io.portcullis.validation;

import io.portcullis.cluster.PortSpec;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads ports of rules (N8, N9). */
final class PortReader {
  private static final List<String> PROTOCOLS =
      Arrays.stream(Protocol.values()).map(Protocol::name).toList();

  private PortReader() {}

  /** Returns a protocol as the API writes it; absent means TCP (N8). */
  static Optional<Protocol> protocol(Field field) {
    return protocol(field, field.text());
  }

  /** Returns a protocol in upper or lower case (L5). */
  static Optional<Protocol> protocolOfAnyCase(Field field) {
    return protocol(field, field.text().map(text -> text.toUpperCase(Locale.ROOT)));
  }

  private static Optional<Protocol> protocol(Field field, Optional<String> text) {
    if (!field.present()) {
      return Optional.of(Protocol.TCP);
    }
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!PROTOCOLS.contains(text.get())) {
      field.unsupported(PROTOCOLS);
      return Optional.empty();
    }
    return Optional.of(Protocol.valueOf(text.get()));
  }

  /** Returns a port without {@code endPort}. */
  static Optional<PortSpec> single(Field port, Optional<Protocol> protocol) {
    if (!port.present()) {
      return protocol.map(p -> new PortSpec.Numbered(PortRange.all(p)));
    }
    if (port.isText()) {
      return named(port, protocol);
    }
    var first = number(port);
    return first.flatMap(number -> range(protocol, number, number));
  }

  /** Returns a port, or a range if {@code endPort} is present. */
  static Optional<PortSpec> range(Field port, Field endPort, Optional<Protocol> protocol) {
    if (!endPort.present()) {
      return single(port, protocol);
    }
    if (!port.present()) {
      endPort.invalid("may not be specified when `port` is not specified");
      return Optional.empty();
    }
    if (port.isText()) {
      endPort.invalid("may not be specified when `port` is non-numeric");
      return named(port, protocol);
    }
    var first = port.integer();
    first.ifPresent(number -> port.invalid(NameSyntax.portNumber(number)));
    var last = endPort.integer();
    if (first.isPresent() && last.isPresent() && last.get() < first.get()) {
      endPort.invalid("must be greater than or equal to `port`");
    }
    last.ifPresent(number -> endPort.invalid(NameSyntax.portNumber(number)));
    return first.flatMap(from -> last.flatMap(to -> range(protocol, from, to)));
  }

  private static Optional<PortSpec> range(Optional<Protocol> protocol, int first, int last) {
    var valid =
        NameSyntax.portNumber(first).isEmpty()
            && NameSyntax.portNumber(last).isEmpty()
            && first <= last;
    return valid
        ? protocol.map(p -> new PortSpec.Numbered(new PortRange(p, first, last)))
        : Optional.empty();
  }

  private static Optional<PortSpec> named(Field port, Optional<Protocol> protocol) {
    var name = port.text().orElse("");
    port.invalid(NameSyntax.portName(name));
    return protocol.map(p -> new PortSpec.Named(p, name));
  }

  /** Returns the number of a port, from 1 to 65535. */
  static Optional<Integer> number(Field field) {
    var number = field.integer();
    number.ifPresent(port -> field.invalid(NameSyntax.portNumber(port)));
    return number.filter(port -> NameSyntax.portNumber(port).isEmpty());
  }
}
