package io.portcullis.validation;

import io.portcullis.cluster.Service;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what a Service says about the pods behind its addresses (T3). */
final class ServiceReader {
  private static final String HEADLESS = "None";

  private ServiceReader() {}

  /** Returns whether objects of this kind are Services. */
  static boolean isService(String apiVersion, String kind) {
    return apiVersion.equals("v1") && kind.equals("Service");
  }

  /** Returns the Service, without what is not valid; empty if nothing of it is said. */
  static Optional<Service> read(String namespace, String name, Field object) {
    var spec = object.child("spec");
    if (!spec.isObject()) {
      return Optional.empty();
    }
    var selector = spec.child("selector").texts();
    var ports = new ArrayList<Service.Port>();
    spec.child("ports").items().forEach(port -> port(port).ifPresent(ports::add));
    return Optional.of(new Service(namespace, name, addresses(spec), selector, ports));
  }

  private static List<IpAddress> addresses(Field spec) {
    return Stream.concat(
            Stream.of(spec.child("clusterIP")), spec.child("clusterIPs").items().stream())
        .flatMap(field -> address(field).stream())
        .distinct()
        .toList();
  }

  private static Optional<IpAddress> address(Field field) {
    return field
        .text()
        .filter(text -> !text.isEmpty() && !text.equals(HEADLESS))
        .flatMap(
            text -> {
              try {
                return Optional.of(IpAddress.parse(text));
              } catch (IllegalArgumentException e) {
                field.invalid("must be an IP address");
                return Optional.empty();
              }
            });
  }

  private static Optional<Service.Port> port(Field field) {
    var protocol = PortReader.protocol(field.child("protocol"));
    var number = PortReader.number(field.child("port"));
    if (!field.child("port").present()) {
      field.child("port").required("");
    }
    return protocol.flatMap(
        p -> number.map(n -> new Service.Port(p, n, target(field.child("targetPort"), n))));
  }

  /** Returns the port of the pods, which is the Service's own unless it names another. */
  private static Service.Target target(Field field, int number) {
    return field.isText()
        ? new Service.Target.Named(field.text().orElse(""))
        : new Service.Target.Numbered(PortReader.number(field).orElse(number));
  }
}
