package io.portcullis.watcher.source;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.net.Protocol;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.validation.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds the policies that name container ports which no pod has (N9); mostly the name is misspelt.
 * A NetworkPolicy's ingress ports are looked for in its namespace, all others in the whole cluster.
 * A change costs as much as the object holds, plus the policies that name its ports.
 */
final class NamedPorts {
  /** A port as a policy names it: any of these protocols, on a pod of one namespace or of any. */
  private record NamedPort(Optional<String> namespace, Set<Protocol> protocols, String name) {
    boolean isOnSome(Map<PodPort, Integer> held) {
      return protocols.stream()
          .anyMatch(protocol -> held.containsKey(new PodPort(namespace, protocol, name)));
    }

    String text() {
      return ("no pod of %s has a %s port with the name %s; it matches nothing until one has (ports"
              + " of init containers count only with restartPolicy: Always)")
          .formatted(
              namespace.map(name -> "namespace " + name).orElse("the cluster"),
              protocols.stream().map(Protocol::name).sorted().collect(Collectors.joining(" or ")),
              name);
    }
  }

  /** A port as pods have it, in a namespace or anywhere. */
  private record PodPort(Optional<String> namespace, Protocol protocol, String name) {}

  /** A field of a policy that names a port. */
  private record Use(String field, NamedPort port) {}

  /** A policy that names ports. */
  private record NamingPolicy(ClusterObject policy, List<Use> uses) {}

  /** The kind whose rules have {@code protocols} where those of others have {@code ports} (A9). */
  private static final String CLUSTER_POLICY = Kind.CLUSTER_POLICY.kind();

  private final Map<PodPort, Integer> held = new HashMap<>();
  private final Map<ObjectKey, NamingPolicy> namingPolicies = new HashMap<>();
  private final Map<String, Set<ObjectKey>> usersByName = new HashMap<>();
  private final SortedMap<ObjectKey, MissingPorts> missing = new TreeMap<>();

  /** Takes in that an object was added, changed or removed. */
  void change(Optional<ClusterObject> before, Optional<ClusterObject> after) {
    var touched = new HashSet<String>();
    if (before.orElse(null) instanceof Pod pod) {
      ports(pod).forEach(port -> subtract(port, touched));
    }
    if (after.orElse(null) instanceof Pod pod) {
      ports(pod).forEach(port -> add(port, touched));
    }
    before.map(ClusterObject::key).ifPresent(this::forget);
    after.ifPresent(this::addPolicy);
    touched.forEach(name -> usersByName.getOrDefault(name, Set.of()).forEach(this::check));
  }

  private static Set<PodPort> ports(Pod pod) {
    var ports = new HashSet<PodPort>();
    for (var port : pod.ports()) {
      ports.add(new PodPort(Optional.empty(), port.protocol(), port.name()));
      ports.add(new PodPort(Optional.of(pod.key().namespace()), port.protocol(), port.name()));
    }
    return ports;
  }

  private void add(PodPort port, Set<String> touched) {
    if (held.merge(port, 1, Integer::sum) == 1) {
      touched.add(port.name());
    }
  }

  private void subtract(PodPort port, Set<String> touched) {
    if (held.merge(port, -1, Integer::sum) == 0) {
      held.remove(port);
      touched.add(port.name());
    }
  }

  private void forget(ObjectKey key) {
    missing.remove(key);
    var naming = Optional.ofNullable(namingPolicies.remove(key));
    for (var use : naming.map(NamingPolicy::uses).orElse(List.of())) {
      usersByName.computeIfPresent(
          use.port().name(),
          (_, users) -> {
            users.remove(key);
            return users.isEmpty() ? null : users;
          });
    }
  }

  private void addPolicy(ClusterObject object) {
    var found = uses(object);
    if (found.isEmpty()) {
      return;
    }
    namingPolicies.put(object.key(), new NamingPolicy(object, found));
    found.forEach(
        use ->
            usersByName.computeIfAbsent(use.port().name(), _ -> new TreeSet<>()).add(object.key()));
    check(object.key());
  }

  private static List<Use> uses(ClusterObject object) {
    var uses = new ArrayList<Use>();
    for (var direction : Direction.values()) {
      var place = "spec." + direction.name().toLowerCase(Locale.ROOT);
      switch (object) {
        case NetworkPolicy policy -> {
          var namespace =
              direction == Direction.INGRESS
                  ? Optional.of(policy.key().namespace())
                  : Optional.<String>empty();
          add(uses, place, "ports", policy.rules(direction), namespace);
        }
        case TieredPolicy policy ->
            add(
                uses,
                place,
                policy.key().kind().equals(CLUSTER_POLICY) ? "protocols" : "ports",
                policy.rules(direction).stream().map(rule -> rule.match()).toList(),
                Optional.empty());
        case Pod _, ClusterObject.Namespace _, ClusterObject.Node _ -> {}
      }
    }
    return uses;
  }

  /** Adds one use for each name in a rule, which has one port for each protocol. */
  private static void add(
      List<Use> uses,
      String place,
      String member,
      List<PolicyRule> rules,
      Optional<String> namespace) {
    for (var i = 0; i < rules.size(); i++) {
      var byName = new TreeMap<String, Set<Protocol>>();
      for (var port : rules.get(i).ports().orElse(List.of())) {
        if (port instanceof PortSpec.Named(var protocol, var name)) {
          byName.computeIfAbsent(name, _ -> new TreeSet<>()).add(protocol);
        }
      }
      var field = "%s[%d].%s".formatted(place, i, member);
      byName.forEach(
          (name, protocols) -> uses.add(new Use(field, new NamedPort(namespace, protocols, name))));
    }
  }

  private void check(ObjectKey key) {
    var naming = namingPolicies.get(key);
    var problems =
        naming.uses().stream()
            .filter(use -> !use.port().isOnSome(held))
            .map(use -> problem(naming.policy(), use))
            .toList();
    if (problems.isEmpty()) {
      missing.remove(key);
    } else {
      missing.put(key, new MissingPorts(naming.policy().origin(), problems));
    }
  }

  private static Problem problem(ClusterObject policy, Use use) {
    return new Problem(
        policy.origin().source(),
        policy.key().display(),
        use.field(),
        use.port().text(),
        Severity.WARNING);
  }

  /** Returns the policies that name missing ports. */
  SortedMap<ObjectKey, MissingPorts> missing() {
    return Collections.unmodifiableSortedMap(missing);
  }
}
