package io.portcullis.compiler.rules;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.compiler.state.Cluster;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which pods each policy is for. */
final class Subjects {
  private final Cluster cluster;
  private final Matching matching;
  private final Map<ObjectKey, PodGroup> subjects = new HashMap<>();

  Subjects(Cluster cluster, Matching matching) {
    this.cluster = cluster;
    this.matching = matching;
  }

  /** A policy came, went or changed. */
  void policyChanged(ObjectKey policy, Turn turn) {
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

  private static void mark(PodGroup group, Turn turn) {
    if (turn.groups.add(group)) {
      turn.classes.addAll(group.classes);
      turn.stances.addAll(group.stances);
    }
  }
}
