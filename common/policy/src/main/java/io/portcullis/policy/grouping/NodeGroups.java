package io.portcullis.policy.grouping;

import io.portcullis.net.IpAddress;
import io.portcullis.policy.rules.DirtySet;
import io.portcullis.policy.rules.LiveSet;
import io.portcullis.policy.state.Cluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The nodes that peers mean, and their addresses (A7). */
public final class NodeGroups {
  private final Cluster cluster;
  private final Map<PeerNodes, NodeGroup> groups = new HashMap<>();

  /** The nodes that one selector means. */
  public static final class NodeGroup {
    final PeerNodes nodes;

    /** Addresses of each node, by its name. */
    final Map<String, List<IpAddress>> matching = new HashMap<>();

    /** How many of them have an address. */
    public final Map<IpAddress, Integer> addresses = new HashMap<>();

    final Set<LiveSet> sets = new HashSet<>(4);

    public NodeGroup(PeerNodes nodes) {
      this.nodes = nodes;
    }

    private void take(String node, List<IpAddress> now) {
      var before = now.isEmpty() ? matching.remove(node) : matching.put(node, now);
      now.forEach(ip -> addresses.merge(ip, 1, Integer::sum));
      if (before != null) {
        before.forEach(ip -> addresses.computeIfPresent(ip, (_, n) -> n == 1 ? null : n - 1));
      }
    }
  }

  public NodeGroups(Cluster cluster) {
    this.cluster = cluster;
  }

  /** The group of these nodes, as a peer of the set. */
  public NodeGroup join(PeerNodes nodes, LiveSet set) {
    var group = groups.computeIfAbsent(nodes, this::made);
    group.sets.add(set);
    return group;
  }

  private NodeGroup made(PeerNodes nodes) {
    var group = new NodeGroup(nodes);
    cluster
        .nodeObjects()
        .forEach(node -> group.take(node.key().name(), now(group, node.key().name())));
    return group;
  }

  private List<IpAddress> now(NodeGroup group, String node) {
    return cluster
        .node(node)
        .filter(group.nodes::matches)
        .map(found -> found.addresses().stream().distinct().toList())
        .orElse(List.of());
  }

  public void leave(NodeGroup group, LiveSet set) {
    group.sets.remove(set);
    if (group.sets.isEmpty()) {
      groups.remove(group.nodes);
    }
  }

  /** A node's object came, went or changed. */
  public void nodeChanged(String name, DirtySet turn) {
    for (var group : groups.values()) {
      var before = group.matching.getOrDefault(name, List.of());
      var now = now(group, name);
      if (!before.equals(now)) {
        var concerned = new ArrayList<>(before);
        concerned.addAll(now);
        group.take(name, now);
        group.sets.forEach(set -> concerned.forEach(address -> turn.member(set, address)));
      }
    }
  }
}
