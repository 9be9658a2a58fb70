package io.portcullis.validation;

import io.portcullis.cluster.PortSpec;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the ports and protocols of a rule of a tiered policy (A9). */
final class TieredPortReader {
  private static final int FIRST = 1;
  private static final int LAST = 65_535;

  /** The end of the warning about an unknown entry. */
  private static final String FAILS_CLOSED =
      ": an Accept rule then matches nothing, a Deny or Pass rule denies every port and protocol";

  private final TieredDialect dialect;
  private final Violations violations;

  TieredPortReader(TieredDialect dialect, Violations violations) {
    this.dialect = dialect;
    this.violations = violations;
  }

  /** Returns the entries of a list that is present. */
  KnownItems<PortSpec> ports(Field list) {
    var known = new ArrayList<PortSpec>();
    var unknown = Optional.<Field>empty();
    for (var item : Schema.items(list, 1, dialect.most())) {
      var read = entry(item);
      read.ifPresent(known::addAll);
      if (read.isEmpty() && unknown.isEmpty()) {
        unknown = Optional.of(item);
      }
    }
    return new KnownItems<>(known, unknown);
  }

  private Optional<List<PortSpec>> entry(Field field) {
    if (!Schema.isObject(field)) {
      return Optional.empty();
    }
    var errors = violations.errors();
    var unknown = violations.unknown();
    var read =
        switch (dialect) {
          case CLUSTER -> protocol(field);
          case ADMIN, BASELINE_ADMIN -> port(field);
        };
    var understood = read.filter(_ -> violations.unknown() == unknown);
    if (understood.isEmpty() && violations.errors() == errors) { // A8
      field.warn("not known as a port or protocol" + FAILS_CLOSED);
    }
    return understood;
  }

  private static Optional<List<PortSpec>> protocol(Field field) {
    return Schema.onlyMember(field, Set.of("tcp", "udp", "sctp", "destinationNamedPort"))
        .flatMap(
            name ->
                switch (name) {
                  case "tcp" -> destination(field.child(name), Protocol.TCP);
                  case "udp" -> destination(field.child(name), Protocol.UDP);
                  case "sctp" -> destination(field.child(name), Protocol.SCTP);
                  default -> named(field.child(name));
                });
  }

  private static Optional<List<PortSpec>> destination(Field field, Protocol protocol) {
    if (!field.isObject() || Schema.onlyMember(field, Set.of("destinationPort")).isEmpty()) {
      return Optional.empty();
    }
    var port = field.child("destinationPort");
    if (!port.isObject()) {
      return Optional.empty();
    }
    return Schema.onlyMember(port, Set.of("number", "range"))
        .flatMap(
            name ->
                switch (name) {
                  case "number" ->
                      number(port.child(name)).map(n -> List.of(numbered(protocol, n, n)));
                  default -> range(port.child(name), protocol);
                });
  }

  private static Optional<List<PortSpec>> range(Field field, Protocol protocol) {
    if (!field.isObject()) {
      return Optional.empty();
    }
    field.hasOnly(Set.of("start", "end"));
    var start = number(Schema.required(field, "start"));
    var end = number(Schema.required(field, "end"));
    if (start.isEmpty() || end.isEmpty()) {
      return Optional.empty();
    }
    if (start.get() >= end.get()) {
      field.invalidObject("Start port must be less than End port");
      return Optional.empty();
    }
    return Optional.of(List.of(numbered(protocol, start.get(), end.get())));
  }

  private static Optional<List<PortSpec>> port(Field field) {
    return Schema.onlyMember(field, Set.of("portNumber", "portRange", "namedPort"))
        .flatMap(
            name ->
                switch (name) {
                  case "portNumber" -> portNumber(field.child(name));
                  case "portRange" -> portRange(field.child(name));
                  default -> named(field.child(name));
                });
  }

  private static Optional<List<PortSpec>> portNumber(Field field) {
    if (!field.isObject()) {
      return Optional.empty();
    }
    field.hasOnly(Set.of("protocol", "port"));
    var number = number(Schema.required(field, "port"));
    var protocol = protocolOf(field);
    return number.flatMap(n -> protocol.map(p -> List.of(numbered(p, n, n))));
  }

  /** Reads a range of v1alpha1, whose schema accepts a start at or after the end (A8). */
  private static Optional<List<PortSpec>> portRange(Field field) {
    if (!field.isObject()) {
      return Optional.empty();
    }
    field.hasOnly(Set.of("protocol", "start", "end"));
    var start = number(Schema.required(field, "start"));
    var end = number(Schema.required(field, "end"));
    var protocol = protocolOf(field);
    if (start.isEmpty() || end.isEmpty() || protocol.isEmpty()) {
      return Optional.empty();
    }
    if (start.get() >= end.get()) {
      field.warn("start must be less than end");
      return Optional.empty();
    }
    return Optional.of(List.of(numbered(protocol.get(), start.get(), end.get())));
  }

  /** Reads a protocol of v1alpha1, whose schema accepts any word; absent means TCP (A8). */
  private static Optional<Protocol> protocolOf(Field object) {
    var field = object.child("protocol");
    if (!field.present()) {
      return Optional.of(Protocol.TCP);
    }
    var text = field.text();
    var protocol =
        Arrays.stream(Protocol.values()).filter(p -> text.filter(p.name()::equals).isPresent());
    var known = protocol.findFirst();
    if (text.isPresent() && known.isEmpty()) {
      field.warn("no protocol is named " + Quoted.text(text.get()));
    }
    return known;
  }

  /** Reads a named port of any protocol (A9, N9). */
  private static Optional<List<PortSpec>> named(Field field) {
    var name = field.text();
    if (name.filter(text -> !NameSyntax.portName(text).isEmpty()).isPresent()) {
      field.warn("no container's port can have this name: it matches nothing");
    }
    return name.map(
        text ->
            Arrays.stream(Protocol.values())
                .map(protocol -> (PortSpec) new PortSpec.Named(protocol, text))
                .toList());
  }

  private static Optional<Integer> number(Field field) {
    return Schema.number(field, FIRST, LAST);
  }

  private static PortSpec numbered(Protocol protocol, int first, int last) {
    return new PortSpec.Numbered(new PortRange(protocol, first, last));
  }
}
