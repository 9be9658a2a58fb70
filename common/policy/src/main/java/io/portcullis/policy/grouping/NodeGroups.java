package io.portcullis.policy.grouping;

import io.portcullis.net.IpAddress;
import io.portcullis.policy.state.Cluster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The groups of nodes that peers select (A7). */
public final class NodeGroups {
  private final Cluster cluster;
  private final Map<PeerNodes, NodeGroup> groups = new HashMap<>();

  public NodeGroups(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Returns the group of these nodes, which now has one user more. */
  public NodeGroup acquire(PeerNodes nodes) {
    var group = groups.computeIfAbsent(nodes, this::create);
    group.users++;
    return group;
  }

  private NodeGroup create(PeerNodes nodes) {
    var group = new NodeGroup(nodes);
    for (var node : cluster.nodeObjects()) {
      var name = node.key().name();
      group.put(name, matchingAddresses(group, name));
    }
    return group;
  }

  private List<IpAddress> matchingAddresses(NodeGroup group, String node) {
    return cluster
        .node(node)
        .filter(group.nodes::matches)
        .map(found -> found.addresses().stream().distinct().toList())
        .orElse(List.of());
  }

  /** Takes one user away, and forgets a group without users. */
  public void release(NodeGroup group) {
    group.users--;
    if (group.users == 0) {
      groups.remove(group.nodes);
    }
  }

  /** Takes in that a node's object came, went or changed. */
  public void nodeChanged(String name, GroupListener listener) {
    for (var group : groups.values()) {
      var before = group.addresses(name);
      var now = matchingAddresses(group, name);
      if (!before.equals(now)) {
        group.put(name, now);
        Stream.concat(before.stream(), now.stream())
            .forEach(address -> listener.moved(address, group));
      }
    }
  }
}
