package io.portcullis.cluster;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A normalised object of the cluster, holding only what policy needs, and its origin. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ClusterObject.Pod.class, name = "Pod"),
  @JsonSubTypes.Type(value = ClusterObject.Namespace.class, name = "Namespace"),
  @JsonSubTypes.Type(value = ClusterObject.Node.class, name = "Node"),
  @JsonSubTypes.Type(value = ClusterObject.NetworkPolicy.class, name = "NetworkPolicy"),
  @JsonSubTypes.Type(value = ClusterObject.TieredPolicy.class, name = "TieredPolicy")
})
public sealed interface ClusterObject {

  /** The label that every namespace carries (T10). */
  String NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name";

  ObjectKey key();

  Origin origin();

  /** The same object, seen elsewhere. */
  default ClusterObject withOrigin(Origin origin) {
    return switch (this) {
      case Pod(
              var key,
              _,
              var labels,
              var node,
              var addresses,
              var hostNetwork,
              var finished,
              var createdMicros,
              var ports) ->
          new Pod(
              key, origin, labels, node, addresses, hostNetwork, finished, createdMicros, ports);
      case Namespace(var key, _, var labels, var ingressDefaultDeny) ->
          new Namespace(key, origin, labels, ingressDefaultDeny);
      case Node(var key, _, var labels, var addresses, var podCidrs) ->
          new Node(key, origin, labels, addresses, podCidrs);
      case NetworkPolicy(var key, _, var subjects, var types, var ingress, var egress) ->
          new NetworkPolicy(key, origin, subjects, types, ingress, egress);
      case TieredPolicy(var key, _, var tier, var priority, var subject, var ingress, var egress) ->
          new TieredPolicy(key, origin, tier, priority, subject, ingress, egress);
    };
  }

  /** Whether the other one says the same, whenever it was seen. */
  default boolean sameButForTime(ClusterObject other) {
    return equals(other.withOrigin(other.origin().seenAt(origin().seenMicros())));
  }

  /** A container port with a name (N9). */
  record ContainerPort(String name, Protocol protocol, int number) {}

  /**
   * A pod.
   *
   * @param node that it is bound to, empty while it is not
   * @param addresses all of {@code status.podIPs} (T8)
   * @param finished Succeeded or Failed (T7)
   * @param createdMicros creationTimestamp, microseconds since 1970; 0 where there is none (T11)
   */
  record Pod(
      ObjectKey key,
      Origin origin,
      Map<String, String> labels,
      String node,
      List<IpAddress> addresses,
      boolean hostNetwork,
      boolean finished,
      long createdMicros,
      List<ContainerPort> ports)
      implements ClusterObject {
    public Pod {
      labels = Labels.of(labels);
      node = node == null ? "" : node;
      addresses = addresses == null ? List.of() : List.copyOf(addresses);
      ports = ports == null ? List.of() : List.copyOf(ports);
    }
  }

  /**
   * A namespace.
   *
   * @param ingressDefaultDeny whether its annotation isolates its pods for ingress (L1)
   */
  record Namespace(
      ObjectKey key, Origin origin, Map<String, String> labels, boolean ingressDefaultDeny)
      implements ClusterObject {
    public Namespace {
      var all = new TreeMap<>(labels == null ? Map.<String, String>of() : labels);
      all.put(NAMESPACE_NAME_LABEL, key.name()); // T10
      labels = Labels.of(all);
    }

    /** What stands for a namespace whose object has not come (T12). */
    public static Namespace unseen(String name) {
      return new Namespace(ObjectKey.namespace(name), new Origin("", "", 0, 0), Map.of(), false);
    }
  }

  /** A node with all of {@code status.addresses} that are IP addresses. */
  record Node(
      ObjectKey key,
      Origin origin,
      Map<String, String> labels,
      List<IpAddress> addresses,
      List<Cidr> podCidrs)
      implements ClusterObject {
    public Node {
      labels = Labels.of(labels);
      addresses = addresses == null ? List.of() : List.copyOf(addresses);
      podCidrs = podCidrs == null ? List.of() : List.copyOf(podCidrs);
    }
  }

  /**
   * A NetworkPolicy of networking.k8s.io/v1, or of extensions/v1beta1.
   *
   * @param subjects the pods of its namespace that it protects (N1)
   * @param types the directions it isolates; empty for extensions/v1beta1 (N2, L3)
   */
  record NetworkPolicy(
      ObjectKey key,
      Origin origin,
      LabelSelector subjects,
      Set<Direction> types,
      List<PolicyRule> ingress,
      List<PolicyRule> egress)
      implements ClusterObject {
    /** The group of policies that add to an isolated namespace only (L3). */
    public static final String LEGACY_GROUP = "extensions";

    public NetworkPolicy {
      types =
          types == null
              ? Set.of()
              : java.util.Collections.unmodifiableSet(new java.util.TreeSet<>(types));
      ingress = ingress == null ? List.of() : List.copyOf(ingress);
      egress = egress == null ? List.of() : List.copyOf(egress);
    }

    public List<PolicyRule> rules(Direction direction) {
      return switch (direction) {
        case INGRESS -> ingress;
        case EGRESS -> egress;
      };
    }

    public boolean legacy() {
      return key.group().equals(LEGACY_GROUP);
    }
  }

  /**
   * A ClusterNetworkPolicy, AdminNetworkPolicy or BaselineAdminNetworkPolicy; the key's kind says
   * which.
   *
   * @param priority the lowest decides first (A2); {@link #LAST} of a BaselineAdminNetworkPolicy,
   *     which has none and comes after every other of its tier (A4)
   * @param subject the pods that it speaks for, by both selectors (A6)
   * @param ingress without rules the direction is not touched (A6)
   * @param egress likewise
   */
  record TieredPolicy(
      ObjectKey key,
      Origin origin,
      Tier tier,
      int priority,
      Peer.Pods subject,
      List<TieredRule> ingress,
      List<TieredRule> egress)
      implements ClusterObject {
    /** Where no priority is. */
    public static final int LAST = Integer.MAX_VALUE;

    public TieredPolicy {
      if (subject.namespaces().isEmpty() || subject.pods().isEmpty()) {
        throw new IllegalArgumentException("a subject without both selectors: " + key);
      }
      ingress = ingress == null ? List.of() : List.copyOf(ingress);
      egress = egress == null ? List.of() : List.copyOf(egress);
      for (var rule : Stream.concat(ingress.stream(), egress.stream()).toList()) {
        for (var peer : rule.match().peers().orElse(List.of())) {
          if (peer instanceof Peer.Pods(var namespaces, _) && namespaces.isEmpty()) {
            throw new IllegalArgumentException("a peer's pods without namespaces: " + key);
          }
        }
      }
    }

    public List<TieredRule> rules(Direction direction) {
      return switch (direction) {
        case INGRESS -> ingress;
        case EGRESS -> egress;
      };
    }
  }
}
