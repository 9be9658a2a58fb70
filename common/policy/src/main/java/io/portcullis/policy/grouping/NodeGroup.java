package io.portcullis.policy.grouping;

import io.portcullis.net.IpAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The nodes that one selector selects, with their addresses. */
public final class NodeGroup {
  final PeerNodes nodes;

  /** How many sets use it. */
  int users;

  private final Map<String, List<IpAddress>> addressesByNode = new HashMap<>();

  /** How many of the nodes have an address. */
  private final Map<IpAddress, Integer> addresses = new HashMap<>();

  NodeGroup(PeerNodes nodes) {
    this.nodes = nodes;
  }

  /** Returns each address of the nodes once. */
  public Collection<IpAddress> addresses() {
    return Collections.unmodifiableSet(addresses.keySet());
  }

  public boolean contains(IpAddress address) {
    return addresses.containsKey(address);
  }

  List<IpAddress> addresses(String node) {
    return addressesByNode.getOrDefault(node, List.of());
  }

  void put(String node, List<IpAddress> now) {
    var before = now.isEmpty() ? addressesByNode.remove(node) : addressesByNode.put(node, now);
    now.forEach(ip -> addresses.merge(ip, 1, Integer::sum));
    if (before != null) {
      before.forEach(ip -> addresses.computeIfPresent(ip, (_, n) -> n == 1 ? null : n - 1));
    }
  }
}
