package io.portcullis.cluster;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.portcullis.net.Cidr;
import java.util.List;
import java.util.Optional;

/**
 * The other end of the traffic, as one item of {@code from} or {@code to} names it (N6, N7, A7).
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "peer")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Peer.Pods.class, name = "pods"),
  @JsonSubTypes.Type(value = Peer.Block.class, name = "block"),
  @JsonSubTypes.Type(value = Peer.Nodes.class, name = "nodes")
})
public sealed interface Peer {

  /**
   * Pods by selectors (N6).
   *
   * @param namespaces absent: the policy's own namespace
   * @param pods absent: every pod of those namespaces
   */
  record Pods(Optional<LabelSelector> namespaces, Optional<LabelSelector> pods) implements Peer {}

  /** Addresses of a prefix without its exceptions, pods' addresses included (N7). */
  record Block(Cidr cidr, List<Cidr> except) implements Peer {
    public Block {
      except = except == null ? List.of() : List.copyOf(except);
    }
  }

  /**
   * All addresses of the nodes whose labels match (A7); in egress rules of tiered policies only.
   */
  record Nodes(LabelSelector nodes) implements Peer {}
}
