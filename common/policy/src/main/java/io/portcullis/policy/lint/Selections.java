package io.portcullis.policy.lint;

import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.policy.rules.Selection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Finds the policies that apply to a pod. */
final class Selections {
  private final Surroundings surroundings;
  private final Map<String, List<NetworkPolicy>> networkPolicies;
  private final Collection<TieredPolicy> tiered;

  Selections(
      Surroundings surroundings,
      Map<String, List<NetworkPolicy>> networkPolicies,
      Collection<TieredPolicy> tiered) {
    this.surroundings = surroundings;
    this.networkPolicies = networkPolicies;
    this.tiered = tiered;
  }

  Selection of(Pod pod, Direction direction) {
    var name = pod.key().namespace();
    var namespace = surroundings.cluster().namespace(name);
    var selecting = new ArrayList<NetworkPolicy>();
    for (var policy : networkPolicies.getOrDefault(name, List.of())) {
      if (policy.subjects().matches(pod.labels())) {
        selecting.add(policy);
      }
    }
    var subject = new ArrayList<TieredPolicy>();
    for (var policy : tiered) {
      if (policy.subject().namespaces().orElseThrow().matches(namespace.labels())
          && policy.subject().pods().orElseThrow().matches(pod.labels())) {
        subject.add(policy);
      }
    }
    return Selection.of(selecting, namespace.ingressDefaultDeny(), subject, direction);
  }
}
