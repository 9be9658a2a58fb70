package io.portcullis.policy.rules;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.net.Family;
import io.portcullis.policy.grouping.GroupIndex;
import io.portcullis.policy.grouping.PodClass;
import io.portcullis.policy.grouping.PodGroup;
import io.portcullis.policy.rules.PolicyProfile.Paths;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The profiles of all classes of pods. */
final class PolicyProfiles {
  /**
   * How many profiles without a class are kept. When the only pod of a profile is replaced, its
   * profile is needed again at once.
   */
  private static final int MAX_IDLE = 1_000;

  private final GroupIndex groups;
  private final LiveChains chains;
  private final Map<PolicyProfile.Key, PolicyProfile> profiles = new HashMap<>();
  private final Map<PodClass, PolicyProfile> byClass = new HashMap<>();
  private final Map<PodGroup, Set<PolicyProfile>> byGroup = new HashMap<>();

  /** The profiles without a class. The first one has been so for the longest time. */
  private final Set<PolicyProfile> idle = new LinkedHashSet<>();

  PolicyProfiles(GroupIndex groups, LiveChains chains) {
    this.groups = groups;
    this.chains = chains;
  }

  /** Brings the profiles of classes and the paths of profiles up to date. */
  void settle(DirtySet dirty) {
    var outdated = new LinkedHashSet<PolicyProfile>();
    for (var group : dirty.groups) {
      dirty.classes.addAll(groups.classes(group));
      outdated.addAll(byGroup.getOrDefault(group, Set.of()));
    }
    for (var pods : dirty.classes) {
      var now = of(pods);
      if (byClass.get(pods) != now) {
        leave(pods);
        now.classes.add(pods);
        idle.remove(now);
        byClass.put(pods, now);
        dirty.rechained.add(pods);
      }
    }
    for (var profile : outdated) {
      if (profile.classes.isEmpty()) {
        idle.remove(profile);
        forget(profile);
      } else {
        renew(profile);
        dirty.rechained.addAll(profile.classes);
      }
    }
  }

  private PolicyProfile of(PodClass pods) {
    var key = key(pods);
    var known = profiles.get(key);
    if (known != null) {
      return known;
    }
    var profile = new PolicyProfile(key);
    profiles.put(key, profile);
    key.groups()
        .forEach(group -> byGroup.computeIfAbsent(group, _ -> new HashSet<>(4)).add(profile));
    return profile;
  }

  private static PolicyProfile.Key key(PodClass pods) {
    return pods.namespace.exempt ? PolicyProfile.Key.NOTHING : keyIfNotExempt(pods); // T13
  }

  /** Returns what policies would mean for these pods if they were not exempt. */
  static PolicyProfile.Key keyIfNotExempt(PodClass pods) {
    if (pods.refused) {
      return PolicyProfile.Key.REFUSED; // N10
    }
    var withPolicies = pods.groups.stream().filter(PodGroup::hasPolicies).sorted().toList();
    var ports =
        pods.ports.isEmpty()
            ? List.<ContainerPort>of()
            : pods.ports.stream()
                .filter(port -> withPolicies.stream().anyMatch(group -> group.names(port)))
                .toList();
    var isolated = pods.namespace.isolated() ? pods.namespace.name : "";
    return new PolicyProfile.Key(withPolicies, isolated, ports, false);
  }

  /** Takes its profile from a class. */
  void leave(PodClass pods) {
    var profile = byClass.remove(pods);
    if (profile != null) {
      profile.classes.remove(pods);
      if (profile.classes.isEmpty()) {
        idle.add(profile);
      }
    }
  }

  private void renew(PolicyProfile profile) {
    for (var family : List.copyOf(profile.paths.keySet())) {
      var before = profile.paths.put(family, chains.acquire(profile.key, family));
      chains.release(before);
    }
  }

  /** Returns the paths of the traffic of these pods' addresses of that family. */
  Paths paths(PodClass pods, Family family) {
    var profile = byClass.get(pods);
    return profile.paths.computeIfAbsent(family, _ -> chains.acquire(profile.key, family));
  }

  private void forget(PolicyProfile profile) {
    profiles.remove(profile.key);
    for (var group : profile.key.groups()) {
      var remaining = byGroup.get(group);
      remaining.remove(profile);
      if (remaining.isEmpty()) {
        byGroup.remove(group);
      }
    }
    profile.paths.values().forEach(chains::release);
  }

  /** Forgets the profiles that have been without a class for the longest time. */
  void forgetIdle() {
    if (idle.size() > MAX_IDLE) {
      var oldest = new ArrayList<>(idle).subList(0, idle.size() - MAX_IDLE);
      for (var profile : List.copyOf(oldest)) {
        idle.remove(profile);
        forget(profile);
      }
    }
  }
}
