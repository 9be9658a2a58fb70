package io.portcullis.policy.explain;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.net.Protocol;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Tells which names of ports in rules the destination does not have (N9). */
final class PortNames {
  private static final Comparator<ContainerPort> ORDER =
      Comparator.comparing(ContainerPort::name)
          .thenComparing(ContainerPort::protocol)
          .thenComparing(ContainerPort::number);

  private PortNames() {}

  /**
   * Returns a clause for each name that the destination lacks; nothing if it has all of them.
   *
   * @param destination the pod; empty: the flow goes to no pod, where no name is looked up
   */
  static String missing(Collection<PolicyRule> rules, Optional<Pod> destination) {
    var names = names(rules);
    destination.ifPresent(pod -> names.entrySet().removeIf(name -> has(pod, name)));
    if (names.isEmpty()) {
      return "";
    }
    return destination
        .map(pod -> lacks(pod, names))
        .orElse("; a named port matches only at a pod, and the destination is none");
  }

  private static Map<String, Set<Protocol>> names(Collection<PolicyRule> rules) {
    var names = new TreeMap<String, Set<Protocol>>();
    for (var rule : rules) {
      for (var port : rule.ports().orElseGet(List::of)) {
        if (port instanceof PortSpec.Named(var protocol, var name)) {
          names.computeIfAbsent(name, _ -> EnumSet.noneOf(Protocol.class)).add(protocol);
        }
      }
    }
    return names;
  }

  private static boolean has(Pod pod, Map.Entry<String, Set<Protocol>> name) {
    return pod.ports().stream()
        .anyMatch(
            port -> port.name().equals(name.getKey()) && name.getValue().contains(port.protocol()));
  }

  private static String lacks(Pod pod, Map<String, Set<Protocol>> names) {
    var wanted = RuleText.listed(names.entrySet(), PortNames::wanted, ", ");
    var ports = pod.ports().stream().filter(port -> !port.name().isEmpty()).sorted(ORDER).toList();
    return "; pod "
        + pod.key().namespace()
        + "/"
        + pod.key().name()
        + " has no "
        + wanted
        + "; it has "
        + (ports.isEmpty() ? "no named ports" : RuleText.listed(ports, PortNames::text, ", "));
  }

  /** Returns a text like {@code TCP port named web}; a name may be one of any protocol (A9). */
  private static String wanted(Map.Entry<String, Set<Protocol>> name) {
    var protocols =
        name.getValue().size() == Protocol.values().length
            ? ""
            : name.getValue().stream()
                .map(Protocol::name)
                .collect(Collectors.joining(" or ", "", " "));
    return protocols + "port named " + name.getKey();
  }

  private static String text(ContainerPort port) {
    var number = port.name() + "=" + port.number();
    return port.protocol() == Protocol.TCP ? number : number + "/" + port.protocol().nft();
  }
}
