package io.portcullis.policy.state;

import io.portcullis.cluster.ClusterObject.Node;
import io.portcullis.net.IpAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An index of the nodes that have each address. */
final class NodeAddresses {
  private final Map<IpAddress, Set<Node>> nodes = new HashMap<>();

  /** Takes in that a node's object came, went or changed. */
  void change(Optional<Node> before, Optional<Node> after) {
    before.ifPresent(node -> node.addresses().forEach(address -> leave(address, node)));
    after.ifPresent(
        node ->
            node.addresses()
                .forEach(
                    address -> nodes.computeIfAbsent(address, _ -> new HashSet<>(2)).add(node)));
  }

  private void leave(IpAddress address, Node node) {
    var all = nodes.getOrDefault(address, Set.of());
    if (all.contains(node)) {
      all.remove(node);
    }
    if (all.isEmpty()) {
      nodes.remove(address);
    }
  }

  Collection<Node> of(IpAddress address) {
    return nodes.getOrDefault(address, Set.of());
  }
}
