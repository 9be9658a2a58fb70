package io.portcullis.policy.rules;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.net.Family;
import io.portcullis.policy.grouping.PodClass;
import io.portcullis.policy.grouping.PodGroup;
import io.portcullis.policy.rules.PolicyProfile.Paths;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What policies make of each class of pods. */
final class PolicyProfiles {
  /** Of those without a pod: one whose only pod is replaced is needed again at once. */
  private static final int MOST_IDLE = 1_000;

  private final LiveChains chains;
  private final Map<PolicyProfile.Key, PolicyProfile> stances = new HashMap<>();

  /** Without a class, the one that is so the longest first. */
  private final Set<PolicyProfile> idle = new LinkedHashSet<>();

  PolicyProfiles(LiveChains chains) {
    this.chains = chains;
  }

  /** Gives each class its stance, and each stance its paths, where they may be others. */
  void settle(DirtySet turn) {
    for (var pods : turn.classes) {
      var now = of(pods);
      if (pods.stance.filter(now::equals).isEmpty()) {
        leave(pods);
        now.classes.add(pods);
        idle.remove(now);
        pods.stance = Optional.of(now);
        turn.endpoints(pods);
      }
    }
    for (var stance : turn.stances) {
      if (stance.classes.isEmpty()) {
        idle.remove(stance);
        forget(stance);
      } else {
        renew(stance);
        stance.classes.forEach(turn::endpoints);
      }
    }
  }

  private PolicyProfile of(PodClass pods) {
    var key = key(pods);
    var known = stances.get(key);
    if (known != null) {
      return known;
    }
    var stance = new PolicyProfile(key);
    stances.put(key, stance);
    key.groups().forEach(group -> group.stances.add(stance));
    return stance;
  }

  private static PolicyProfile.Key key(PodClass pods) {
    if (pods.namespace.exempt) { // T13
      return PolicyProfile.Key.NOTHING;
    }
    return key(pods, pods.namespace.isolated);
  }

  /** What policies would make of these pods, whether they are exempt or not. */
  static PolicyProfile.Key whoeverIsExempt(PodClass pods) {
    return key(pods, pods.namespace.isolated);
  }

  private static PolicyProfile.Key key(PodClass pods, boolean isolated) {
    var groups = pods.groups.stream().filter(PodGroup::hasPolicies).sorted().toList();
    var ports =
        pods.ports.isEmpty()
            ? List.<ContainerPort>of()
            : pods.ports.stream()
                .filter(port -> groups.stream().anyMatch(group -> group.names(port)))
                .toList();
    return new PolicyProfile.Key(groups, isolated ? pods.namespace.name : "", ports);
  }

  /** A class that is no more leaves its stance. */
  void leave(PodClass pods) {
    pods.stance.ifPresent(
        stance -> {
          stance.classes.remove(pods);
          if (stance.classes.isEmpty()) {
            idle.add(stance);
          }
        });
    pods.stance = Optional.empty();
  }

  private void renew(PolicyProfile stance) {
    for (var family : List.copyOf(stance.paths.keySet())) {
      var before = stance.paths.put(family, chains.acquire(stance.key, family));
      chains.release(before);
    }
  }

  /** What a pod's addresses of that family are asked by. */
  Paths paths(PolicyProfile stance, Family family) {
    return stance.paths.computeIfAbsent(family, _ -> chains.acquire(stance.key, family));
  }

  private void forget(PolicyProfile stance) {
    stances.remove(stance.key);
    stance.key.groups().forEach(group -> group.stances.remove(stance));
    stance.paths.values().forEach(chains::release);
  }

  /** Forgets those that nobody has needed for long. */
  void forgetIdle() {
    if (idle.size() > MOST_IDLE) {
      var oldest = new ArrayList<>(idle).subList(0, idle.size() - MOST_IDLE);
      for (var stance : List.copyOf(oldest)) {
        idle.remove(stance);
        forget(stance);
      }
    }
  }
}
