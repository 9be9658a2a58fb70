package io.portcullis.policy.explain;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.Service;
import io.portcullis.cluster.Service.Target;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import io.portcullis.policy.state.Cluster;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finds the pods that a connection to a Service's address may reach (T3). */
final class Backends {
  private final Cluster cluster;
  private final Collection<Service> services;

  Backends(Cluster cluster, Collection<Service> services) {
    this.cluster = cluster;
    this.services = services;
  }

  /** A pod behind a Service, at the address and port that the connection is translated to. */
  record Backend(Pod pod, IpAddress address, Flow.Port port) {
    String text() {
      return "pod %s/%s (%s, %s/%d)"
          .formatted(
              pod.key().namespace(),
              pod.key().name(),
              address,
              port.protocol().nft(),
              port.number());
    }
  }

  /** The pods behind an address, or why there are none. */
  sealed interface Found {
    /**
     * @param pods in the order of their names; at least one
     */
    record Behind(List<Backend> pods) implements Found {}

    record Nothing(String reason) implements Found {}
  }

  /** Returns the Service that has this address. No pod has it then. */
  Optional<Service> service(IpAddress address) {
    return services.stream()
        .filter(service -> service.addresses().contains(address))
        .filter(_ -> cluster.owner(address).isEmpty())
        .findFirst();
  }

  Found found(Service service, IpAddress asked, Optional<Flow.Port> port) {
    var name = asked + " is " + name(service);
    if (port.isEmpty()) {
      return new Found.Nothing(name + ", which forwards its ports only, no ICMP");
    }
    var meant = service.ports().stream().filter(one -> isMeant(one, port.get())).findFirst();
    if (meant.isEmpty()) {
      return new Found.Nothing(
          name + ", which has no port " + text(port.get()) + "; it has " + ports(service));
    }
    if (service.selector().isEmpty()) {
      return new Found.Nothing(
          name + " without a selector; ask about one of its endpoints, as policies match these");
    }
    var pods =
        cluster.pods().values().stream()
            .filter(pod -> isSelected(pod, service) && !pod.finished()) // T7
            .flatMap(pod -> backends(pod, asked, meant.get()))
            .toList();
    return pods.isEmpty()
        ? new Found.Nothing(
            "%s, and no pod behind it has an %s address and the port %s"
                .formatted(name, family(asked), text(meant.get())))
        : new Found.Behind(pods);
  }

  static String name(Service service) {
    return "Service " + service.namespace() + "/" + service.name();
  }

  private Stream<Backend> backends(Pod pod, IpAddress asked, Service.Port port) {
    var addresses = pod.hostNetwork() ? pod.addresses() : cluster.addresses(pod);
    return addresses.stream()
        .filter(address -> address.family() == asked.family())
        .sorted()
        .limit(1) // a pod is one endpoint in each family
        .flatMap(address -> target(pod, port).map(to -> new Backend(pod, address, to)));
  }

  /** Returns the port of the pod that a port of a Service stands for, if it has one. */
  private static Stream<Flow.Port> target(Pod pod, Service.Port port) {
    return switch (port.target()) {
      case Target.Numbered(var number) -> Stream.of(new Flow.Port(port.protocol(), number));
      case Target.Named(var name) ->
          pod.ports().stream()
              .filter(one -> one.name().equals(name) && one.protocol() == port.protocol())
              .limit(1)
              .map(one -> new Flow.Port(one.protocol(), one.number()));
    };
  }

  private static String family(IpAddress address) {
    return switch (address.family()) {
      case V4 -> "IPv4";
      case V6 -> "IPv6";
    };
  }

  private static boolean isSelected(Pod pod, Service service) {
    return pod.key().namespace().equals(service.namespace())
        && pod.labels().entrySet().containsAll(service.selector().entrySet());
  }

  private static boolean isMeant(Service.Port port, Flow.Port asked) {
    return port.protocol() == asked.protocol() && port.number() == asked.number();
  }

  private static String ports(Service service) {
    Function<Service.Port, String> text = port -> text(port.protocol(), port.number());
    return service.ports().isEmpty() ? "none" : RuleText.listed(service.ports(), text, ", ");
  }

  private static String text(Flow.Port port) {
    return text(port.protocol(), port.number());
  }

  private static String text(Service.Port port) {
    return switch (port.target()) {
      case Target.Numbered(var number) -> text(port.protocol(), number);
      case Target.Named(var name) -> "named " + name;
    };
  }

  private static String text(Protocol protocol, int number) {
    return protocol.nft() + "/" + number;
  }
}
