package io.portcullis.policy.rules;

import io.portcullis.net.IpAddress;
import io.portcullis.policy.grouping.PodAddress;
import io.portcullis.policy.grouping.PodClass;
import io.portcullis.policy.grouping.PodGroup;
import io.portcullis.ruleset.SetId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one change of the cluster may have made different. All of it is looked at again when all is
 * known, and becomes what it must be; so the order of what is marked never matters.
 */
public final class DirtySet {
  /** Whose stance may be another one. */
  public final Set<PodClass> classes = new LinkedHashSet<>();

  /** That may have no place any more. */
  public final Set<PodClass> emptied = new LinkedHashSet<>();

  /** Whose policies are not as they were. */
  public final Set<PodGroup> groups = new HashSet<>();

  /** That follow from those. */
  public final Set<PolicyProfile> stances = new LinkedHashSet<>();

  /** Addresses that may be other endpoints of a node, or none. */
  public final Map<NodeRules, Set<IpAddress>> endpoints = new HashMap<>();

  /** Wide sets that have changed, have become wide or are so no longer. */
  public final Set<SetId> wide = new TreeSet<>();

  /** Addresses that may have come to a set or left it. */
  public final Map<LiveSet, Set<IpAddress>> members = new HashMap<>();

  public void endpoint(PodAddress place) {
    place
        .node()
        .ifPresent(node -> endpoints.computeIfAbsent(node, _ -> new HashSet<>()).add(place.ip()));
  }

  public void endpoints(PodClass pods) {
    pods.places.forEach(this::endpoint);
  }

  public void member(LiveSet set, IpAddress address) {
    if (set.id().family() == address.family()) {
      members.computeIfAbsent(set, _ -> new HashSet<>()).add(address);
    }
  }

  /** An address came to a class or left it. */
  public void member(PodClass pods, IpAddress address) {
    for (var group : pods.groups) {
      for (var set : group.sets) {
        member(set, address);
      }
    }
  }

  /** A class came to a group or left it. */
  public void moved(PodClass pods, PodGroup group) {
    for (var set : group.sets) {
      pods.places.forEach(place -> member(set, place.ip()));
    }
    if (group.hasPolicies()) {
      classes.add(pods);
    }
  }
}
