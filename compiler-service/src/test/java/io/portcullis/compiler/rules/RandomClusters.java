package io.portcullis.compiler.rules;

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
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Small random clusters, dense enough that policies meet. */
final class RandomClusters {
  static final List<String> NAMESPACES = List.of("a", "b", "c");
  static final List<Integer> PORTS = List.of(80, 81, 443, 8080);

  private RandomClusters() {}

  static Arbitrary<List<ClusterObject>> clusters() {
    return Combinators.combine(
            namespace().list().ofMaxSize(3),
            pod().list().ofMinSize(1).ofMaxSize(6),
            policy().list().ofMaxSize(5))
        .as(
            (namespaces, pods, policies) -> {
              var byKey = new TreeMap<ObjectKey, ClusterObject>();
              namespaces.forEach(object -> byKey.put(object.key(), object));
              pods.forEach(object -> byKey.put(object.key(), object));
              policies.forEach(object -> byKey.put(object.key(), object));
              return List.copyOf(byKey.values());
            });
  }

  private static Arbitrary<Origin> origin() {
    return Arbitraries.integers()
        .between(0, 1_000_000)
        .map(uid -> new Origin("test.yaml", "uid-" + uid, 1, 0));
  }

  private static Arbitrary<Map<String, String>> labels() {
    return Arbitraries.maps(Arbitraries.of("app", "role"), Arbitraries.of("x", "y")).ofMaxSize(2);
  }

  private static Arbitrary<LabelSelector> selector() {
    var requirement =
        Combinators.combine(
                Arbitraries.of("app", "role"),
                Arbitraries.of(Operator.class),
                Arbitraries.of("x", "y").list().ofMinSize(1).ofMaxSize(2))
            .as(
                (key, operator, values) ->
                    new Requirement(
                        key,
                        operator,
                        switch (operator) {
                          case IN, NOT_IN -> values;
                          case EXISTS, DOES_NOT_EXIST -> List.of();
                        }));
    return Combinators.combine(labels(), requirement.list().ofMaxSize(1))
        .as((labels, expressions) -> new LabelSelector(new TreeMap<>(labels), expressions));
  }

  private static Arbitrary<ClusterObject> namespace() {
    return Combinators.combine(
            Arbitraries.of(NAMESPACES), origin(), labels(), Arbitraries.of(true, false, false))
        .as(
            (name, origin, labels, isolated) ->
                new ClusterObject.Namespace(ObjectKey.namespace(name), origin, labels, isolated));
  }

  private static Arbitrary<ClusterObject> pod() {
    var address = Arbitraries.integers().between(1, 6);
    var port =
        Combinators.combine(
                Arbitraries.of("web", "dns"),
                Arbitraries.of(Protocol.TCP, Protocol.UDP),
                Arbitraries.of(PORTS))
            .as(ContainerPort::new);
    return Combinators.combine(
            Arbitraries.of(NAMESPACES),
            Arbitraries.of("p", "q", "r"),
            labels(),
            Arbitraries.of("n1", "n2"),
            address,
            Arbitraries.of(0, 0, 0, 0, 1, 2),
            port.list().ofMaxSize(2),
            origin())
        .as(
            (namespace, name, labels, node, number, special, ports, origin) ->
                new ClusterObject.Pod(
                    ObjectKey.pod(namespace, name),
                    origin,
                    labels,
                    node,
                    List.of(
                        IpAddress.parse("10.244.0." + number),
                        IpAddress.parse("fd00:10:244::" + number)),
                    special == 1,
                    special == 2,
                    number % 2,
                    ports));
  }

  private static Arbitrary<Peer> peer() {
    Arbitrary<Peer> pods =
        Combinators.combine(selector().optional(), selector().optional())
            .as(
                (namespaces, selected) ->
                    new Peer.Pods(
                        namespaces,
                        namespaces.isEmpty()
                            ? Optional.of(selected.orElse(LabelSelector.EVERYTHING))
                            : selected));
    Arbitrary<Peer> blocks =
        Arbitraries.of(
            new Peer.Block(Cidr.parse("10.244.0.0/29"), List.of(Cidr.parse("10.244.0.2/31"))),
            new Peer.Block(Cidr.parse("10.244.0.2/32"), List.of()),
            new Peer.Block(
                Cidr.parse("0.0.0.0/0"),
                List.of(Cidr.parse("10.244.0.4/30"), Cidr.parse("203.0.113.0/25"))),
            new Peer.Block(
                Cidr.parse("::/0"),
                List.of(Cidr.parse("fd00:10:244::2/127"), Cidr.parse("2001:db8::/32"))));
    return Arbitraries.oneOf(pods, pods, blocks);
  }

  private static Arbitrary<PortSpec> port() {
    Arbitrary<PortSpec> numbered =
        Arbitraries.of(
                PortRange.of(Protocol.TCP, 80),
                new PortRange(Protocol.TCP, 80, 443),
                PortRange.of(Protocol.UDP, 81),
                PortRange.all(Protocol.UDP),
                PortRange.of(Protocol.SCTP, 8080))
            .map(PortSpec.Numbered::new);
    Arbitrary<PortSpec> named =
        Combinators.combine(
                Arbitraries.of(Protocol.TCP, Protocol.UDP), Arbitraries.of("web", "dns"))
            .as(PortSpec.Named::new);
    return Arbitraries.oneOf(numbered, numbered, named);
  }

  private static Arbitrary<PolicyRule> rule() {
    return Combinators.combine(
            peer().list().ofMaxSize(2).optional(), port().list().ofMaxSize(2).optional())
        .as(PolicyRule::new);
  }

  private static Arbitrary<ClusterObject> policy() {
    return Combinators.combine(
            Arbitraries.of("networking.k8s.io", "networking.k8s.io", "extensions"),
            Arbitraries.of(NAMESPACES),
            Arbitraries.of("one", "two"),
            selector(),
            Arbitraries.of(Direction.class).set().ofMinSize(1),
            rule().list().ofMaxSize(2),
            rule().list().ofMaxSize(2),
            origin())
        .as(
            (group, namespace, name, subjects, types, ingress, egress, origin) -> {
              var legacy = group.equals("extensions");
              return new ClusterObject.NetworkPolicy(
                  new ObjectKey(group, "NetworkPolicy", namespace, name),
                  origin,
                  subjects,
                  legacy ? java.util.Set.of() : types,
                  ingress,
                  legacy ? List.of() : egress);
            });
  }

  /** Every address that could matter: of pods, and one that belongs to none. */
  static List<IpAddress> addresses() {
    var all = new ArrayList<IpAddress>();
    for (var i = 1; i <= 7; i++) {
      all.add(IpAddress.parse("10.244.0." + i));
      all.add(IpAddress.parse("fd00:10:244::" + i));
    }
    all.add(IpAddress.parse("203.0.113.7"));
    all.add(IpAddress.parse("203.0.113.200"));
    all.add(IpAddress.parse("2001:db8:113::7"));
    return all;
  }
}
