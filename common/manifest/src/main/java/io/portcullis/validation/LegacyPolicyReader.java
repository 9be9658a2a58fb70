package io.portcullis.validation;

import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads extensions/v1beta1 NetworkPolicies with the meaning that Kubernetes 1.3 gave them (L3–L6).
 */
final class LegacyPolicyReader {
  private final Violations violations;

  LegacyPolicyReader(Violations violations) {
    this.violations = violations;
  }

  /** Returns the policy; empty if its subjects cannot be read. */
  Optional<NetworkPolicy> read(ObjectKey key, Origin origin, Field object) {
    object.hasOnly(Set.of("apiVersion", "kind", "metadata", "spec", "status"));
    var spec = object.child("spec");
    if (spec.present()) {
      spec.isObject();
    }
    spec.hasOnly(Set.of("podSelector", "ingress"));
    var subjects = subjects(spec.child("podSelector"));
    var ingress = rules(spec.child("ingress"));
    return subjects.map(
        pods -> new NetworkPolicy(key, origin, pods, Set.of(), ingress, List.of())); // L3
  }

  private Optional<LabelSelector> subjects(Field field) {
    if (!field.present()) {
      field.required("must specify a podSelector"); // L6
    }
    return SelectorReader.read(field, violations);
  }

  private List<PolicyRule> rules(Field field) {
    var rules = new ArrayList<PolicyRule>();
    for (var item : field.items()) {
      var before = violations.mark();
      var rule = rule(item);
      rules.add(
          violations
              .errorSince(before, item.path())
              .map(PolicyRule.NOTHING::insteadOfRefused) // N10
              .orElse(rule));
    }
    return rules;
  }

  private PolicyRule rule(Field field) {
    if (field.present()) {
      field.isObject();
    }
    field.hasOnly(Set.of("ports", "from"));
    var before = violations.unknown();
    var ports = all(field.child("ports"), this::port);
    var rule = new PolicyRule(all(field.child("from"), this::peer), ports);
    return violations.unknown() == before
        ? rule
        : PolicyRule.NOTHING.insteadOfRefused("not known"); // A8
  }

  /** Reads a list: absent means all, present but empty means none (L4). */
  private static <T> Optional<List<T>> all(Field field, Function<Field, Optional<T>> read) {
    if (!field.present()) {
      return Optional.empty();
    }
    var all = new ArrayList<T>();
    field.items().forEach(item -> read.apply(item).ifPresent(all::add));
    return Optional.of(List.copyOf(all));
  }

  private Optional<PortSpec> port(Field field) {
    if (field.present() && !field.isObject()) {
      return Optional.empty();
    }
    field.hasOnly(Set.of("protocol", "port"));
    return PortReader.single(
        field.child("port"), PortReader.protocolOfAnyCase(field.child("protocol"))); // L5
  }

  private Optional<Peer> peer(Field field) { // L4
    if (field.present() && !field.isObject()) {
      return Optional.empty();
    }
    field.hasOnly(Set.of("podSelector", "namespaceSelector"));
    var pods = field.child("podSelector");
    var namespaces = field.child("namespaceSelector");
    var podSelector = SelectorReader.read(pods, violations);
    var namespaceSelector = SelectorReader.read(namespaces, violations);
    if (!pods.present() && !namespaces.present()) {
      field.required("must specify a from type");
      return Optional.empty();
    }
    if (pods.present() && namespaces.present()) {
      field.forbidden("may not specify more than 1 from type");
      return Optional.empty();
    }
    return Optional.of(new Peer.Pods(namespaceSelector, podSelector));
  }
}
