package io.portcullis.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
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

/** A cluster object in normal form, with its origin and only what policies need. */
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

  /** Returns this object with another origin. */
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
              var ports,
              var owner) ->
          new Pod(
              key,
              origin,
              labels,
              node,
              addresses,
              hostNetwork,
              finished,
              createdMicros,
              ports,
              owner);
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

  /** Returns whether the other object says the same, whenever it was seen. */
  default boolean sameButForTime(ClusterObject other) {
    return equals(other.withOrigin(other.origin().seenAt(origin().seenMicros())));
  }

  /** A container port with a name (N9). */
  record ContainerPort(String name, Protocol protocol, int number) {}

  /**
   * A pod.
   *
   * @param node the node that the pod is bound to, empty while it is bound to none
   * @param addresses all of {@code status.podIPs} (T8)
   * @param finished whether the pod's phase is Succeeded or Failed (T7)
   * @param createdMicros creationTimestamp in microseconds since 1970; 0 where there is none (T11)
   * @param owner the controlling owner as {@code Kind/name}, empty where there is none or the
   *     record is older than this field; it groups pods for people and changes no verdict
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
      List<ContainerPort> ports,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) String owner)
      implements ClusterObject {
    public Pod {
      labels = Labels.of(labels);
      node = node == null ? "" : node;
      addresses = addresses == null ? List.of() : List.copyOf(addresses);
      ports = ports == null ? List.of() : List.copyOf(ports);
      owner = owner == null ? "" : owner;
    }

    /** Makes a pod that nothing controls. */
    public Pod(
        ObjectKey key,
        Origin origin,
        Map<String, String> labels,
        String node,
        List<IpAddress> addresses,
        boolean hostNetwork,
        boolean finished,
        long createdMicros,
        List<ContainerPort> ports) {
      this(key, origin, labels, node, addresses, hostNetwork, finished, createdMicros, ports, "");
    }
  }

  /**
   * A namespace.
   *
   * @param ingressDefaultDeny whether an annotation isolates the pods for ingress (L1)
   */
  record Namespace(
      ObjectKey key, Origin origin, Map<String, String> labels, boolean ingressDefaultDeny)
      implements ClusterObject {
    public Namespace {
      var all = new TreeMap<>(labels == null ? Map.<String, String>of() : labels);
      all.put(NAMESPACE_NAME_LABEL, key.name()); // T10
      labels = Labels.of(all);
    }

    /** Returns what stands for a namespace whose object has not arrived (T12). */
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
   * @param subjects selects the pods of its namespace that the policy protects (N1)
   * @param types the directions that the policy isolates; empty for extensions/v1beta1 (N2, L3)
   */
  record NetworkPolicy(
      ObjectKey key,
      Origin origin,
      LabelSelector subjects,
      Set<Direction> types,
      List<PolicyRule> ingress,
      List<PolicyRule> egress)
      implements ClusterObject {
    /** The API group of policies that only add to an isolated namespace (L3). */
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
   * A ClusterNetworkPolicy, AdminNetworkPolicy or BaselineAdminNetworkPolicy, as the key's kind
   * says.
   *
   * @param priority the lowest decides first (A2); a BaselineAdminNetworkPolicy has no priority,
   *     counts as {@link #LAST}, and comes after all others of its tier (A4)
   * @param subject selects the pods that the policy applies to, by both selectors (A6)
   * @param ingress the rules for ingress; without any the policy does not touch ingress (A6)
   * @param egress the rules for egress; without any the policy does not touch egress (A6)
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
    /** The priority of a policy that has none. */
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
