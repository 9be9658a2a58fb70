package io.portcullis.cluster;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.portcullis.net.Cidr;
import java.util.List;
import java.util.Optional;

/** The other end of the traffic, as an item of {@code from} or {@code to} names it (N6, N7, A7). */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "peer")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Peer.Pods.class, name = "pods"),
  @JsonSubTypes.Type(value = Peer.Block.class, name = "block"),
  @JsonSubTypes.Type(value = Peer.Nodes.class, name = "nodes")
})
public sealed interface Peer {

  /**
   * Pods that selectors select (N6).
   *
   * @param namespaces selects namespaces; absent: the policy's own namespace
   * @param pods selects pods of those namespaces; absent: every pod
   */
  record Pods(Optional<LabelSelector> namespaces, Optional<LabelSelector> pods) implements Peer {}

  /** The addresses of a prefix without its exceptions, pods' addresses included (N7). */
  record Block(Cidr cidr, List<Cidr> except) implements Peer {
    public Block {
      except = except == null ? List.of() : List.copyOf(except);
    }
  }

  /** All addresses of the nodes whose labels match; only egress of tiered policies has it (A7). */
  record Nodes(LabelSelector nodes) implements Peer {}
}
