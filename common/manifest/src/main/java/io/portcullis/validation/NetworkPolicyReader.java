package io.portcullis.validation;

import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads networking.k8s.io/v1 NetworkPolicies, validated and defaulted as the API server does. In a
 * policy that is not valid, broken rules match nothing and the others stay. If a direction cannot
 * be read, both are isolated (N10).
 */
final class NetworkPolicyReader {
  private static final List<String> TYPES = List.of("Ingress", "Egress");
  private static final Set<Direction> BOTH = Set.of(Direction.INGRESS, Direction.EGRESS);

  private final Violations violations;

  NetworkPolicyReader(Violations violations) {
    this.violations = violations;
  }

  /** Returns the policy; empty if its subjects cannot be read. */
  Optional<NetworkPolicy> read(ObjectKey key, Origin origin, Field object) {
    var before = violations.errors();
    object.hasOnly(Set.of("apiVersion", "kind", "metadata", "spec", "status"));
    var spec = object.child("spec");
    var readable = !spec.present() || spec.isObject();
    spec.hasOnly(Set.of("podSelector", "ingress", "egress", "policyTypes"));
    var whole = violations.errors() == before;
    var subjects = subjects(spec, whole);
    var ingress = rules(spec.child("ingress"), "from");
    var egress = rules(spec.child("egress"), "to");
    var stated = types(spec);
    var types = whole || isStated(spec) ? stated : BOTH; // N10
    return readable
        ? subjects.map(
            pods ->
                pods.certain()
                    ? new NetworkPolicy(key, origin, pods.selector(), types, ingress, egress)
                    : new NetworkPolicy(key, origin, pods.selector(), types, List.of(), List.of()))
        : Optional.empty();
  }

  /**
   * The subjects of a policy.
   *
   * @param certain false: there may be pods among them that the author did not mean, so that no
   *     rule may allow anything to them (N10)
   */
  private record Subjects(LabelSelector selector, boolean certain) {}

  /**
   * Reads the subjects; an absent selector is empty and selects every pod (N1).
   *
   * @param whole false: an unknown field may have been meant as the selector
   */
  private Optional<Subjects> subjects(Field spec, boolean whole) {
    var field = spec.child("podSelector");
    if (!field.present()) {
      return Optional.of(new Subjects(LabelSelector.EVERYTHING, whole));
    }
    var before = violations.errors();
    return SelectorReader.known(field, violations)
        .map(selector -> new Subjects(selector, violations.errors() == before));
  }

  private static boolean isStated(Field spec) {
    var types = spec.child("policyTypes");
    return types.present() && !types.isEmptyList();
  }

  private Set<Direction> types(Field spec) {
    var field = spec.child("policyTypes");
    var items = field.items();
    if (items.isEmpty()) {
      return isStated(spec) ? BOTH : defaultTypes(spec);
    }
    var tooMany = items.size() > TYPES.size();
    if (tooMany) {
      field.invalid("may not specify more than two policyTypes"); // the server then checks no item
    }
    var types = EnumSet.noneOf(Direction.class);
    for (var item : items) {
      switch (item.text().orElse("")) {
        case "Ingress" -> types.add(Direction.INGRESS);
        case "Egress" -> types.add(Direction.EGRESS);
        default -> {
          types.addAll(BOTH); // N10
          if (!tooMany && (!item.present() || item.isText())) {
            item.unsupported(TYPES);
          }
        }
      }
    }
    return types;
  }

  private static Set<Direction> defaultTypes(Field spec) { // N2
    var egress = spec.child("egress");
    return egress.present() && !egress.isEmptyList() ? BOTH : EnumSet.of(Direction.INGRESS);
  }

  private List<PolicyRule> rules(Field field, String peers) {
    var rules = new ArrayList<PolicyRule>();
    for (var item : field.items()) {
      var before = violations.mark();
      var rule = rule(item, peers);
      rules.add(
          violations
              .errorSince(before, item.path())
              .map(PolicyRule.NOTHING::insteadOfRefused) // N10
              .orElse(rule));
    }
    return rules;
  }

  private PolicyRule rule(Field field, String peers) {
    if (field.present()) {
      field.isObject();
    }
    field.hasOnly(Set.of("ports", peers));
    var before = violations.unknown();
    var ports = all(field.child("ports"), this::port);
    var rule = new PolicyRule(all(field.child(peers), this::peer), ports);
    if (violations.unknown() == before) {
      return rule;
    }
    if (!violations.refusesUnknown()) {
      field.warn("not all of its peers and ports are understood: the rule matches nothing"); // A8
    }
    return PolicyRule.NOTHING.insteadOfRefused("not known");
  }

  /** Reads a list: absent and empty both mean all (N5). */
  private static <T> Optional<List<T>> all(Field field, Function<Field, Optional<T>> read) {
    var all = new ArrayList<T>();
    field.items().forEach(item -> read.apply(item).ifPresent(all::add));
    return all.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(all));
  }

  private Optional<PortSpec> port(Field field) {
    if (field.present() && !field.isObject()) {
      return Optional.empty();
    }
    field.hasOnly(Set.of("protocol", "port", "endPort"));
    return PortReader.range(
        field.child("port"), field.child("endPort"), PortReader.protocol(field.child("protocol")));
  }

  private Optional<Peer> peer(Field field) { // N6
    if (field.present() && !field.isObject()) {
      return Optional.empty();
    }
    field.hasOnly(Set.of("podSelector", "namespaceSelector", "ipBlock"));
    var pods = field.child("podSelector");
    var namespaces = field.child("namespaceSelector");
    var block = field.child("ipBlock");
    var podSelector = SelectorReader.read(pods, violations);
    var namespaceSelector = SelectorReader.read(namespaces, violations);
    if (block.present()) {
      if (pods.present() || namespaces.present()) {
        field.forbidden("may not specify both ipBlock and another peer");
      }
      return BlockReader.block(block);
    }
    if (!pods.present() && !namespaces.present()) {
      field.required("must specify a peer");
      return Optional.empty();
    }
    return Optional.of(new Peer.Pods(namespaceSelector, podSelector));
  }
}
