package io.portcullis.policy.rules;

import io.portcullis.cluster.PortSpec;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.grouping.GroupIndex;
import io.portcullis.policy.grouping.HostPeers;
import io.portcullis.policy.grouping.NodeGroups;
import io.portcullis.policy.grouping.PeerNodes;
import io.portcullis.policy.grouping.PeerPods;
import io.portcullis.policy.grouping.PodAddress;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All sets that chains use. */
final class LiveSets {
  private final GroupIndex matching;
  private final NodeGroups nodeGroups;
  private final Map<SetId, LiveSet> sets = new HashMap<>();
  private final Set<LiveSet> unfilled = new LinkedHashSet<>();
  private final Set<LiveSet> unused = new LinkedHashSet<>();
  private final Set<LiveSet> respanned = new LinkedHashSet<>();
  private final WideSetPolicy width;
  private int nodesBefore;

  LiveSets(GroupIndex matching, NodeGroups nodeGroups, WideSetPolicy width) {
    this.width = width;
    this.matching = matching;
    this.nodeGroups = nodeGroups;
  }

  /**
   * The set, for one user more.
   *
   * @throws IllegalStateException when its id is that of a set with another definition
   */
  LiveSet acquire(SetDefinition definition) {
    var set = sets.get(definition.id());
    if (set == null) {
      set = add(definition);
    }
    if (!set.definition.text().equals(definition.text())) {
      throw new IllegalStateException("two definitions have the id " + definition.id());
    }
    set.users++;
    return set;
  }

  private LiveSet add(SetDefinition definition) {
    var set = new LiveSet(definition, respanned);
    sets.put(definition.id(), set);
    unfilled.add(set);
    switch (definition) {
      case SetDefinition.Networks _ -> {}
      case SetDefinition.Hosts(_, _, var peers) -> peers.forEach(peer -> add(set, peer));
      case SetDefinition.HostPorts(_, _, var peers) ->
          peers.forEach(peer -> names(set, peer.pods()).add(peer.port()));
    }
    return set;
  }

  private void add(LiveSet set, HostPeers peers) {
    switch (peers) {
      case PeerPods pods -> names(set, pods);
      case PeerNodes nodes -> set.nodeGroups.add(nodeGroups.join(nodes, set));
    }
  }

  /** The names of ports of these peers; the set has them as its peers from now on. */
  private List<PortSpec.Named> names(LiveSet set, PeerPods pods) {
    var group = matching.acquire(pods);
    if (group.sets.add(set)) {
      set.groups.put(group, new ArrayList<>());
    } else {
      matching.release(group);
    }
    return set.groups.get(group);
  }

  /** For one user less. */
  void release(LiveSet set) {
    set.users--;
    unused.add(set);
  }

  /**
   * Makes the members of all sets what they must be, and wide those that so many of the nodes need.
   *
   * @return the numbers of the nodes whose own sets changed
   */
  BitSet settle(DirtySet turn, Map<IpAddress, PodAddress> places, int nodes) {
    var touched = new BitSet();
    turn.members.forEach(
        (set, addresses) -> {
          if (set.filled && set.update(addresses, places)) {
            if (set.wide) {
              turn.wide.add(set.id());
            } else {
              touched.or(set.nodes);
            }
          }
        });
    unfilled.forEach(LiveSet::fill);
    unfilled.clear();
    widen(turn, nodes, touched);
    return touched;
  }

  private void widen(DirtySet turn, int nodes, BitSet touched) {
    for (var set : nodes == nodesBefore ? respanned : sets.values()) {
      var wide = width.isWide(set.span, nodes);
      if (wide != set.wide) {
        set.wide = wide;
        turn.wide.add(set.id());
        touched.or(set.nodes);
      }
    }
    respanned.clear();
    nodesBefore = nodes;
  }

  /** The content of a wide set, if it is one. */
  Optional<SetContent> wide(SetId id) {
    return Optional.ofNullable(sets.get(id)).filter(set -> set.wide).map(set -> set.content);
  }

  /** All wide sets, in no order. */
  List<SetId> wide() {
    return sets.values().stream().filter(set -> set.wide).map(LiveSet::id).toList();
  }

  /** Forgets the sets that no chain uses any more. */
  void forgetUnused() {
    for (var set : unused) {
      if (set.users == 0 && sets.remove(set.id(), set)) {
        unfilled.remove(set);
        set.groups
            .keySet()
            .forEach(
                group -> {
                  group.sets.remove(set);
                  matching.release(group);
                });
        set.nodeGroups.forEach(group -> nodeGroups.leave(group, set));
      }
    }
    unused.clear();
  }
}
