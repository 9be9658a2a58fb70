package io.portcullis.compiler.rules;

import io.portcullis.net.IpAddress;
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
final class Turn {
  /** Whose stance may be another one. */
  final Set<PodClass> classes = new LinkedHashSet<>();

  /** That may have no place any more. */
  final Set<PodClass> emptied = new LinkedHashSet<>();

  /** Whose policies are not as they were. */
  final Set<PodGroup> groups = new HashSet<>();

  /** That follow from those. */
  final Set<Stance> stances = new LinkedHashSet<>();

  /** Addresses that may be other endpoints of a node, or none. */
  final Map<NodeRules, Set<IpAddress>> endpoints = new HashMap<>();

  /** Wide sets that have changed, have become wide or are so no longer. */
  final Set<SetId> wide = new TreeSet<>();

  /** Addresses that may have come to a set or left it. */
  final Map<LiveSet, Set<IpAddress>> members = new HashMap<>();

  void endpoint(Place place) {
    place
        .node()
        .ifPresent(node -> endpoints.computeIfAbsent(node, _ -> new HashSet<>()).add(place.ip()));
  }

  void endpoints(PodClass pods) {
    pods.places.forEach(this::endpoint);
  }

  void member(LiveSet set, IpAddress address) {
    if (set.id().family() == address.family()) {
      members.computeIfAbsent(set, _ -> new HashSet<>()).add(address);
    }
  }

  /** An address came to a class or left it. */
  void member(PodClass pods, IpAddress address) {
    for (var group : pods.groups) {
      for (var set : group.sets) {
        member(set, address);
      }
    }
  }

  /** A class came to a group or left it. */
  void moved(PodClass pods, PodGroup group) {
    for (var set : group.sets) {
      pods.places.forEach(place -> member(set, place.ip()));
    }
    if (group.hasPolicies()) {
      classes.add(pods);
    }
  }
}
