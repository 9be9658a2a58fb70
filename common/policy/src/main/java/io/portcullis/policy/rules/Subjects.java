package io.portcullis.policy.rules;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.policy.grouping.GroupIndex;
import io.portcullis.policy.grouping.PeerPods;
import io.portcullis.policy.grouping.PodGroup;
import io.portcullis.policy.state.Cluster;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which pods each policy is for. */
final class Subjects {
  private final Cluster cluster;
  private final GroupIndex matching;
  private final Map<ObjectKey, PodGroup> subjects = new HashMap<>();

  Subjects(Cluster cluster, GroupIndex matching) {
    this.cluster = cluster;
    this.matching = matching;
  }

  /** A policy came, went or changed. */
  void policyChanged(ObjectKey policy, DirtySet turn) {
    var before = Optional.ofNullable(subjects.get(policy));
    var now = peers(policy).map(matching::acquire);
    before.ifPresent(
        group -> {
          group.remove(policy);
          mark(group, turn);
          matching.release(group);
        });
    now.ifPresentOrElse(group -> subjects.put(policy, group), () -> subjects.remove(policy));
    now.ifPresent(
        group -> {
          cluster.networkPolicy(policy).ifPresent(group::put);
          cluster.tieredPolicy(policy).ifPresent(group::put);
          mark(group, turn);
        });
  }

  private Optional<PeerPods> peers(ObjectKey policy) {
    return cluster
        .networkPolicy(policy)
        .map(p -> PeerPods.in(policy.namespace(), p.subjects())) // N1
        .or(() -> cluster.tieredPolicy(policy).map(p -> PeerPods.of(p.subject()))); // A6
  }

  private static void mark(PodGroup group, DirtySet turn) {
    if (turn.groups.add(group)) {
      turn.classes.addAll(group.classes);
      turn.stances.addAll(group.stances);
    }
  }
}
