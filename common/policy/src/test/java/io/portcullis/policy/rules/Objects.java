package io.portcullis.policy.rules;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.LabelSelector.Operator;
import io.portcullis.cluster.LabelSelector.Requirement;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.Tier;
import io.portcullis.cluster.TieredRule;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Objects of a cluster in few words. */
public final class Objects {
  public static final LabelSelector ALL = LabelSelector.EVERYTHING;

  private Objects() {}

  private static Origin origin(String uid) {
    return new Origin("test.yaml", uid, 1, 0);
  }

  /** A pod on node n1, with addresses and labels as {@code key=value}. */
  public static ClusterObject.Pod pod(String namespaceAndName, String... addressesAndLabels) {
    return pod("n1", namespaceAndName, List.of(), addressesAndLabels);
  }

  public static ClusterObject.Pod pod(
      String node, String namespaceAndName, List<ContainerPort> ports, String... more) {
    var name = namespaceAndName.split("/");
    return new ClusterObject.Pod(
        ObjectKey.pod(name[0], name[1]),
        origin(name[1]),
        labels(more),
        node,
        Stream.of(more).filter(text -> !text.contains("=")).map(IpAddress::parse).toList(),
        false,
        false,
        0,
        ports);
  }

  public static ContainerPort port(String name, Protocol protocol, int number) {
    return new ContainerPort(name, protocol, number);
  }

  private static Map<String, String> labels(String... texts) {
    var labels = new TreeMap<String, String>();
    Stream.of(texts)
        .filter(text -> text.contains("="))
        .map(text -> text.split("="))
        .forEach(pair -> labels.put(pair[0], pair[1]));
    return labels;
  }

  public static ClusterObject namespace(String name, String... labels) {
    return new ClusterObject.Namespace(
        ObjectKey.namespace(name), origin(name), labels(labels), false);
  }

  public static ClusterObject isolatedNamespace(String name) {
    return new ClusterObject.Namespace(ObjectKey.namespace(name), origin(name), Map.of(), true);
  }

  public static ClusterObject node(String name, String... addressesAndLabels) {
    return new ClusterObject.Node(
        ObjectKey.node(name),
        origin(name),
        labels(addressesAndLabels),
        Stream.of(addressesAndLabels)
            .filter(text -> !text.contains("="))
            .map(IpAddress::parse)
            .toList(),
        List.of());
  }

  public static LabelSelector selector(String... labels) {
    return LabelSelector.labels(labels(labels));
  }

  public static LabelSelector expression(String key, Operator operator, String... values) {
    return new LabelSelector(
        new TreeMap<>(), List.of(new Requirement(key, operator, List.of(values))));
  }

  public static Peer pods(LabelSelector namespaces, LabelSelector pods) {
    return new Peer.Pods(Optional.of(namespaces), Optional.of(pods));
  }

  public static Peer podsOfTheNamespace(LabelSelector pods) {
    return new Peer.Pods(Optional.empty(), Optional.of(pods));
  }

  public static Peer block(String cidr, String... except) {
    return new Peer.Block(Cidr.parse(cidr), Stream.of(except).map(Cidr::parse).toList());
  }

  public static Peer nodes(LabelSelector nodes) {
    return new Peer.Nodes(nodes);
  }

  /** {@code tcp/80}, {@code tcp/80-90}. */
  public static PortSpec on(String range) {
    return new PortSpec.Numbered(PortRange.parse(range));
  }

  public static PortSpec named(Protocol protocol, String name) {
    return new PortSpec.Named(protocol, name);
  }

  /** A name on every protocol that has it (A9). */
  public static PortSpec[] named(String name) {
    return Stream.of(Protocol.values())
        .map(protocol -> named(protocol, name))
        .toArray(PortSpec[]::new);
  }

  public static PolicyRule rule(List<Peer> peers, PortSpec... ports) {
    return new PolicyRule(
        Optional.of(peers), ports.length == 0 ? Optional.empty() : Optional.of(List.of(ports)));
  }

  public static PolicyRule everyone(PortSpec... ports) {
    return new PolicyRule(
        Optional.empty(), ports.length == 0 ? Optional.empty() : Optional.of(List.of(ports)));
  }

  public static ClusterObject ingress(String namespace, LabelSelector subjects, PolicyRule... r) {
    return networkPolicy(
        namespace, "ingress", subjects, Set.of(Direction.INGRESS), List.of(r), List.of());
  }

  public static ClusterObject egress(String namespace, LabelSelector subjects, PolicyRule... r) {
    return networkPolicy(
        namespace, "egress", subjects, Set.of(Direction.EGRESS), List.of(), List.of(r));
  }

  public static ClusterObject networkPolicy(
      String namespace,
      String name,
      LabelSelector subjects,
      Set<Direction> types,
      List<PolicyRule> ingress,
      List<PolicyRule> egress) {
    return new ClusterObject.NetworkPolicy(
        new ObjectKey("networking.k8s.io", "NetworkPolicy", namespace, name),
        origin(name),
        subjects,
        types,
        ingress,
        egress);
  }

  /** A policy of extensions/v1beta1. */
  public static ClusterObject legacyPolicy(
      String namespace, LabelSelector subjects, PolicyRule... r) {
    return new ClusterObject.NetworkPolicy(
        new ObjectKey(
            ClusterObject.NetworkPolicy.LEGACY_GROUP, "NetworkPolicy", namespace, "legacy"),
        origin("legacy"),
        subjects,
        Set.of(),
        List.of(r),
        List.of());
  }

  public static TieredRule accept(PolicyRule match) {
    return new TieredRule("", TieredRule.Action.ACCEPT, match);
  }

  public static TieredRule deny(PolicyRule match) {
    return new TieredRule("", TieredRule.Action.DENY, match);
  }

  public static TieredRule pass(PolicyRule match) {
    return new TieredRule("", TieredRule.Action.PASS, match);
  }

  /** A ClusterNetworkPolicy for all pods. */
  public static ClusterObject.TieredPolicy tiered(
      Tier tier, int priority, String name, Direction direction, TieredRule... rules) {
    return tiered("ClusterNetworkPolicy", tier, priority, name, (Peer.Pods) pods(ALL, ALL))
        .rules(direction, rules);
  }

  public static TieredMaker tiered(
      String kind, Tier tier, int priority, String name, Peer.Pods subject) {
    return new TieredMaker(
        new ObjectKey("policy.networking.k8s.io", kind, "", name), tier, priority, subject);
  }

  /** What is left to say of a policy. */
  public record TieredMaker(ObjectKey key, Tier tier, int priority, Peer.Pods subject) {
    public ClusterObject.TieredPolicy rules(Direction direction, TieredRule... rules) {
      var list = Arrays.asList(rules);
      return new ClusterObject.TieredPolicy(
          key,
          origin(key.name()),
          tier,
          priority,
          subject,
          direction == Direction.INGRESS ? list : List.of(),
          direction == Direction.EGRESS ? list : List.of());
    }
  }
}
