package io.portcullis.policy.grouping;

import io.portcullis.cluster.ClusterObject.Node;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.json.Json;
import java.nio.charset.StandardCharsets;

/** The nodes that a peer selects; all of their addresses count (A7). */
public record PeerNodes(LabelSelector nodes) implements HostPeers {

  boolean matches(Node node) {
    return nodes.matches(node.labels());
  }

  @Override
  public String definition() {
    return new String(Json.bytes(this), StandardCharsets.UTF_8);
  }
}
