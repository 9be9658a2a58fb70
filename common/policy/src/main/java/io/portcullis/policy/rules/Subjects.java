package io.portcullis.policy.rules;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.policy.grouping.GroupIndex;
import io.portcullis.policy.grouping.PeerPods;
import io.portcullis.policy.grouping.PodGroup;
import io.portcullis.policy.state.Cluster;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** An index of the group of pods that are the subjects of each policy. */
final class Subjects {
  private final Cluster cluster;
  private final GroupIndex groups;
  private final Map<ObjectKey, PodGroup> subjects = new HashMap<>();

  Subjects(Cluster cluster, GroupIndex groups) {
    this.cluster = cluster;
    this.groups = groups;
  }

  /** Takes in that a policy came, went or changed. */
  void policyChanged(ObjectKey policy, DirtySet dirty) {
    var before = Optional.ofNullable(subjects.get(policy));
    var now = peers(policy).map(groups::acquire);
    before.ifPresent(
        group -> {
          group.remove(policy);
          dirty.groups.add(group);
          groups.release(group);
        });
    now.ifPresentOrElse(group -> subjects.put(policy, group), () -> subjects.remove(policy));
    now.ifPresent(
        group -> {
          cluster.networkPolicy(policy).ifPresent(group::put);
          cluster.tieredPolicy(policy).ifPresent(group::put);
          dirty.groups.add(group);
        });
  }

  private Optional<PeerPods> peers(ObjectKey policy) {
    return cluster
        .networkPolicy(policy)
        .map(p -> PeerPods.in(policy.namespace(), p.subjects())) // N1
        .or(() -> cluster.tieredPolicy(policy).map(p -> PeerPods.of(p.subject()))); // A6
  }
}
