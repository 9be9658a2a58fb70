package io.portcullis.policy.rules;

import io.portcullis.net.IpAddress;
import io.portcullis.policy.grouping.GroupListener;
import io.portcullis.policy.grouping.NodeGroup;
import io.portcullis.policy.grouping.PodAddress;
import io.portcullis.policy.grouping.PodClass;
import io.portcullis.policy.grouping.PodGroup;
import io.portcullis.ruleset.SetId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one change of the cluster may have made different. The compiler marks first and computes
 * afterwards, so the order of the marks does not matter.
 */
final class DirtySet implements GroupListener {
  private final SetsByPeer sets;

  /** Classes that may have another profile. */
  final Set<PodClass> classes = new LinkedHashSet<>();

  /** Classes that may have no pods any more. */
  final Set<PodClass> emptied = new LinkedHashSet<>();

  /** Groups whose policies have changed. */
  final Set<PodGroup> groups = new HashSet<>();

  /** Classes whose pods may need other chains. */
  final Set<PodClass> rechained = new LinkedHashSet<>();

  /** Addresses that may be other endpoints of a node, or none, by the node's name. */
  final Map<String, Set<IpAddress>> endpoints = new LinkedHashMap<>();

  /** Wide sets that have changed, and sets that have become wide or narrow. */
  final Set<SetId> wide = new TreeSet<>();

  /** Addresses that may have come to a set or left it. */
  final Map<LiveSet, Set<IpAddress>> members = new HashMap<>();

  DirtySet(SetsByPeer sets) {
    this.sets = sets;
  }

  void endpoint(PodAddress address) {
    var node = address.pod().node();
    if (!node.isEmpty()) {
      endpoints.computeIfAbsent(node, _ -> new HashSet<>()).add(address.ip());
    }
  }

  /** An address came to a class or left it. */
  void moved(IpAddress address, PodClass pods) {
    for (var group : pods.groups) {
      for (var set : sets.of(group)) {
        member(set, address);
      }
    }
  }

  @Override
  public void policiesMayDiffer(PodClass pods) {
    classes.add(pods);
  }

  @Override
  public void moved(PodClass pods, PodGroup group) {
    for (var set : sets.of(group)) {
      pods.hosts.forEach(host -> member(set, host.address()));
    }
    if (group.hasPolicies()) {
      classes.add(pods);
    }
  }

  @Override
  public void moved(IpAddress node, NodeGroup group) {
    sets.of(group).forEach(set -> member(set, node));
  }

  private void member(LiveSet set, IpAddress address) {
    if (set.id().family() == address.family()) {
      members.computeIfAbsent(set, _ -> new HashSet<>()).add(address);
    }
  }
}
