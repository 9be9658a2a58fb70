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

/** The sets that chains use. */
final class LiveSets {
  private final GroupIndex groups;
  private final NodeGroups nodeGroups;
  private final Map<SetId, LiveSet> sets = new HashMap<>();
  private final Set<LiveSet> unfilled = new LinkedHashSet<>();
  private final Set<LiveSet> unused = new LinkedHashSet<>();
  private final Set<LiveSet> respanned = new LinkedHashSet<>();
  private final WideSetPolicy widePolicy;
  private final SetsByPeer byPeer = new SetsByPeer();
  private int nodesBefore;

  LiveSets(GroupIndex groups, NodeGroups nodeGroups, WideSetPolicy widePolicy) {
    this.groups = groups;
    this.nodeGroups = nodeGroups;
    this.widePolicy = widePolicy;
  }

  /**
   * Returns the set of that definition, which now has one user more.
   *
   * @throws IllegalStateException when a set with another definition has the same id
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
    byPeer.add(set);
    return set;
  }

  private void add(LiveSet set, HostPeers peers) {
    switch (peers) {
      case PeerPods pods -> names(set, pods);
      case PeerNodes nodes -> set.nodeGroups.add(nodeGroups.acquire(nodes));
    }
  }

  /** Makes these pods peers of the set, and returns the list of the ports that it names on them. */
  private List<PortSpec.Named> names(LiveSet set, PeerPods pods) {
    var group = groups.acquire(pods);
    var known = set.groups.get(group);
    if (known != null) {
      groups.release(group);
      return known;
    }
    var names = new ArrayList<PortSpec.Named>();
    set.groups.put(group, names);
    return names;
  }

  /** Returns the index of the sets by their peers. */
  SetsByPeer byPeer() {
    return byPeer;
  }

  /** Takes one user away. {@link #forgetUnused} forgets a set without users. */
  void release(LiveSet set) {
    set.users--;
    unused.add(set);
  }

  /**
   * Brings the members of all sets up to date, and decides which sets are wide.
   *
   * @param pods all addresses of pods
   * @param nodes how many nodes the cluster has
   * @return the numbers of the nodes whose own sets changed
   */
  BitSet settle(DirtySet dirty, Map<IpAddress, PodAddress> pods, int nodes) {
    var touched = new BitSet();
    dirty.members.forEach(
        (set, addresses) -> {
          if (set.filled && set.update(addresses, pods)) {
            if (set.wide) {
              dirty.wide.add(set.id());
            } else {
              touched.or(set.nodes);
            }
          }
        });
    unfilled.forEach(set -> set.fill(groups));
    unfilled.clear();
    widen(dirty, nodes, touched);
    return touched;
  }

  private void widen(DirtySet dirty, int nodes, BitSet touched) {
    for (var set : nodes == nodesBefore ? respanned : sets.values()) {
      var wide = widePolicy.isWide(set.span, nodes);
      if (wide != set.wide) {
        set.wide = wide;
        dirty.wide.add(set.id());
        touched.or(set.nodes);
      }
    }
    respanned.clear();
    nodesBefore = nodes;
  }

  /** Returns the content of a set that a chain uses. */
  SetContent content(SetId id) {
    return sets.get(id).content;
  }

  /** Returns the content of a set, if the set is wide. */
  Optional<SetContent> wide(SetId id) {
    return Optional.ofNullable(sets.get(id)).filter(set -> set.wide).map(set -> set.content);
  }

  /** Returns all wide sets, in no order. */
  List<SetId> wide() {
    return sets.values().stream().filter(set -> set.wide).map(LiveSet::id).toList();
  }

  /** Forgets the sets that have no users any more. */
  void forgetUnused() {
    for (var set : unused) {
      if (set.users == 0 && sets.remove(set.id(), set)) {
        unfilled.remove(set);
        byPeer.remove(set);
        set.groups.keySet().forEach(groups::release);
        set.nodeGroups.forEach(nodeGroups::release);
      }
    }
    unused.clear();
  }
}
