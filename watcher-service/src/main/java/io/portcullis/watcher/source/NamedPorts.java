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
import java.util.ArrayList;
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
 * Which policies name container ports that no pod has (N9): mostly a name that is written wrong. A
 * NetworkPolicy's ingress ports are looked for in its namespace, all others in the whole cluster.
 * An object's change costs what the object holds, and what names the ports that come or go with it.
 */
final class NamedPorts {
  /** As a policy names it: of any of some protocols, on a pod of one namespace or of any. */
  private record Wanted(Optional<String> namespace, Set<Protocol> protocols, String name) {
    boolean isMet(Map<Had, Integer> had) {
      return protocols.stream()
          .anyMatch(protocol -> had.containsKey(new Had(namespace, protocol, name)));
    }

    String text() {
      return "no pod of %s has a %s port with the name %s; it matches nothing until one has"
          .formatted(
              namespace.map(name -> "namespace " + name).orElse("the cluster"),
              protocols.stream().map(Protocol::name).sorted().collect(Collectors.joining(" or ")),
              name);
    }
  }

  /** As pods have it. */
  private record Had(Optional<String> namespace, Protocol protocol, String name) {}

  /** Where a policy names one. */
  private record Use(String field, Wanted port) {}

  /** A policy that names some. */
  private record Naming(ClusterObject policy, List<Use> uses) {}

  private final Map<Had, Integer> had = new HashMap<>();
  private final Map<ObjectKey, Naming> namings = new HashMap<>();
  private final Map<String, Set<ObjectKey>> usersByName = new HashMap<>();
  private final SortedMap<ObjectKey, MissingPorts> unmet = new TreeMap<>();

  void clear() {
    had.clear();
    namings.clear();
    usersByName.clear();
    unmet.clear();
  }

  /** An object comes, changes or goes. */
  void change(Optional<ClusterObject> before, Optional<ClusterObject> after) {
    var touched = new HashSet<String>();
    if (before.orElse(null) instanceof Pod pod) {
      ports(pod).forEach(port -> take(port, touched));
    }
    if (after.orElse(null) instanceof Pod pod) {
      ports(pod).forEach(port -> add(port, touched));
    }
    before.map(ClusterObject::key).ifPresent(this::forget);
    after.ifPresent(this::policy);
    touched.forEach(name -> usersByName.getOrDefault(name, Set.of()).forEach(this::look));
  }

  private static Set<Had> ports(Pod pod) {
    var ports = new HashSet<Had>();
    for (var port : pod.ports()) {
      ports.add(new Had(Optional.empty(), port.protocol(), port.name()));
      ports.add(new Had(Optional.of(pod.key().namespace()), port.protocol(), port.name()));
    }
    return ports;
  }

  private void add(Had port, Set<String> touched) {
    if (had.merge(port, 1, Integer::sum) == 1) {
      touched.add(port.name());
    }
  }

  private void take(Had port, Set<String> touched) {
    if (had.merge(port, -1, Integer::sum) == 0) {
      had.remove(port);
      touched.add(port.name());
    }
  }

  private void forget(ObjectKey key) {
    unmet.remove(key);
    var naming = Optional.ofNullable(namings.remove(key));
    for (var use : naming.map(Naming::uses).orElse(List.of())) {
      usersByName.computeIfPresent(
          use.port().name(),
          (_, users) -> {
            users.remove(key);
            return users.isEmpty() ? null : users;
          });
    }
  }

  private void policy(ClusterObject object) {
    var found = uses(object);
    if (found.isEmpty()) {
      return;
    }
    namings.put(object.key(), new Naming(object, found));
    found.forEach(
        use ->
            usersByName.computeIfAbsent(use.port().name(), _ -> new TreeSet<>()).add(object.key()));
    look(object.key());
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
          add(uses, place, policy.rules(direction), namespace);
        }
        case TieredPolicy policy ->
            add(
                uses,
                place,
                policy.rules(direction).stream().map(rule -> rule.match()).toList(),
                Optional.empty());
        case Pod _, ClusterObject.Namespace _, ClusterObject.Node _ -> {}
      }
    }
    return uses;
  }

  /** A port that is named without a protocol stands in a rule once for each. */
  private static void add(
      List<Use> uses, String place, List<PolicyRule> rules, Optional<String> namespace) {
    for (var i = 0; i < rules.size(); i++) {
      var byName = new TreeMap<String, Set<Protocol>>();
      for (var port : rules.get(i).ports().orElse(List.of())) {
        if (port instanceof PortSpec.Named(var protocol, var name)) {
          byName.computeIfAbsent(name, _ -> new TreeSet<>()).add(protocol);
        }
      }
      var field = "%s[%d].ports".formatted(place, i);
      byName.forEach(
          (name, protocols) -> uses.add(new Use(field, new Wanted(namespace, protocols, name))));
    }
  }

  private void look(ObjectKey key) {
    var naming = namings.get(key);
    var missing =
        naming.uses().stream()
            .filter(use -> !use.port().isMet(had))
            .map(use -> problem(naming.policy(), use))
            .toList();
    if (missing.isEmpty()) {
      unmet.remove(key);
    } else {
      unmet.put(key, new MissingPorts(naming.policy().origin(), missing));
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

  /** What is to be told of policies. */
  SortedMap<ObjectKey, MissingPorts> unmet() {
    return unmet;
  }
}
