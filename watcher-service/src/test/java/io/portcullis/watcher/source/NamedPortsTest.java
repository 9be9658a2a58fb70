package io.portcullis.watcher.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.Tier;
import io.portcullis.cluster.TieredRule;
import io.portcullis.net.Protocol;
import io.portcullis.sighting.Problem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NamedPortsTest {
  private static final List<String> NAMESPACES = List.of("shop", "bank");
  private static final List<String> NAMES = List.of("web", "dns");
  private static final List<Protocol> PROTOCOLS = List.of(Protocol.TCP, Protocol.UDP);

  private static Origin origin() {
    return new Origin(Origin.API, "uid", 1, 0);
  }

  private static Pod pod(String namespace, String name, List<PortSpec.Named> ports) {
    return new Pod(
        ObjectKey.pod(namespace, name),
        origin(),
        Map.of(),
        "",
        List.of(),
        false,
        false,
        0,
        ports.stream().map(p -> new ContainerPort(p.name(), p.protocol(), 80)).toList());
  }

  private static PolicyRule rule(List<PortSpec.Named> ports) {
    return new PolicyRule(Optional.empty(), Optional.of(List.copyOf(ports)));
  }

  private static NetworkPolicy policy(
      String namespace, List<PortSpec.Named> ingress, List<PortSpec.Named> egress) {
    return new NetworkPolicy(
        new ObjectKey("networking.k8s.io", "NetworkPolicy", namespace, "policy"),
        origin(),
        LabelSelector.EVERYTHING,
        Set.of(Direction.INGRESS, Direction.EGRESS),
        List.of(rule(ingress)),
        List.of(rule(egress)));
  }

  /** The port is named without a protocol. */
  private static TieredPolicy tiered(String port) {
    var any = PROTOCOLS.stream().map(protocol -> new PortSpec.Named(protocol, port)).toList();
    var everyone =
        new Peer.Pods(Optional.of(LabelSelector.EVERYTHING), Optional.of(LabelSelector.EVERYTHING));
    return new TieredPolicy(
        new ObjectKey("policy.networking.k8s.io", "ClusterNetworkPolicy", "", "policy"),
        origin(),
        Tier.ADMIN,
        1,
        everyone,
        List.of(new TieredRule("", TieredRule.Action.ACCEPT, rule(any))),
        List.of());
  }

  private static PortSpec.Named tcp(String name) {
    return new PortSpec.Named(Protocol.TCP, name);
  }

  @Provide
  Arbitrary<ClusterObject> objects() {
    var named =
        Combinators.combine(Arbitraries.of(PROTOCOLS), Arbitraries.of(NAMES))
            .as(PortSpec.Named::new)
            .list()
            .ofMaxSize(2);
    var namespace = Arbitraries.of(NAMESPACES);
    return Arbitraries.oneOf(
        Combinators.combine(namespace, Arbitraries.of("a", "b"), named)
            .as((in, name, list) -> (ClusterObject) pod(in, name, list)),
        Combinators.combine(namespace, named, named)
            .as((in, ingress, egress) -> (ClusterObject) policy(in, ingress, egress)),
        Arbitraries.of(NAMES).map(NamedPortsTest::tiered));
  }

  /** Each step puts an object, or takes it away where it is there. */
  @Property
  void whatIsToldIsWhatLookingAtAllOfThemFinds(
      @ForAll("steps") List<Map.Entry<ClusterObject, Boolean>> steps) {
    var ports = new NamedPorts();
    var all = new HashMap<ObjectKey, ClusterObject>();
    for (var step : steps) {
      var key = step.getKey().key();
      var before = Optional.ofNullable(all.get(key));
      var after = Optional.of(step.getKey()).filter(_ -> step.getValue());
      after.ifPresentOrElse(object -> all.put(key, object), () -> all.remove(key));
      ports.change(before, after);
    }
    var expected = new HashSet<String>();
    all.values().forEach(object -> expected.addAll(naive(object, all)));
    var told = new HashSet<String>();
    ports
        .missing()
        .forEach((_, unmet) -> unmet.problems().forEach(problem -> told.add(words(problem))));
    assertThat(told).isEqualTo(expected);
  }

  @Provide
  Arbitrary<List<Map.Entry<ClusterObject, Boolean>>> steps() {
    return Combinators.combine(
            objects(),
            Arbitraries.frequencyOf(
                List.of(
                    net.jqwik.api.Tuple.of(3, Arbitraries.just(true)),
                    net.jqwik.api.Tuple.of(1, Arbitraries.just(false)))))
        .as(Map::entry)
        .list()
        .ofMaxSize(12);
  }

  private static String words(Problem problem) {
    return problem.object() + " " + problem.field() + " " + problem.reason().split(";")[0];
  }

  private static Set<String> naive(ClusterObject object, Map<ObjectKey, ClusterObject> all) {
    var told = new HashSet<String>();
    if (object instanceof NetworkPolicy policy) {
      var namespace = policy.key().namespace();
      for (var name : NAMES) {
        naive(
            told,
            policy,
            "ingress",
            policy.ingress(),
            name,
            pods(all, namespace),
            "namespace " + namespace);
        naive(told, policy, "egress", policy.egress(), name, pods(all, ""), "the cluster");
      }
    }
    if (object instanceof TieredPolicy policy) {
      var rules = policy.ingress().stream().map(TieredRule::match).toList();
      for (var name : NAMES) {
        naive(told, policy, "ingress", rules, name, pods(all, ""), "the cluster");
      }
    }
    return told;
  }

  private static List<Pod> pods(Map<ObjectKey, ClusterObject> all, String namespace) {
    return all.values().stream()
        .filter(Pod.class::isInstance)
        .map(Pod.class::cast)
        .filter(pod -> namespace.isEmpty() || pod.key().namespace().equals(namespace))
        .toList();
  }

  private static void naive(
      Set<String> told,
      ClusterObject policy,
      String direction,
      List<PolicyRule> rules,
      String name,
      List<Pod> pods,
      String where) {
    var protocols =
        PROTOCOLS.stream()
            .filter(p -> rules.getFirst().ports().get().contains(new PortSpec.Named(p, name)))
            .toList();
    var isHad =
        pods.stream()
            .flatMap(pod -> pod.ports().stream())
            .anyMatch(port -> port.name().equals(name) && protocols.contains(port.protocol()));
    if (!protocols.isEmpty() && !isHad) {
      var all = String.join(" or ", protocols.stream().map(Protocol::name).toList());
      told.add(
          "%s spec.%s[0].%s no pod of %s has a %s port with the name %s"
              .formatted(
                  policy.key().display(),
                  direction,
                  policy instanceof TieredPolicy ? "protocols" : "ports",
                  where,
                  all,
                  name));
    }
  }

  @Example
  void a9_theFieldIsTheOneOfThePolicysKind() {
    var alpha1 = new ObjectKey("policy.networking.k8s.io", "AdminNetworkPolicy", "", "policy");
    var rules = tiered("wbe").ingress();
    var subject = tiered("wbe").subject();
    var admin = new TieredPolicy(alpha1, origin(), Tier.ADMIN, 1, subject, rules, List.of());
    assertThat(fields(admin)).containsExactly("spec.ingress[0].ports");
    assertThat(fields(tiered("wbe"))).containsExactly("spec.ingress[0].protocols");
  }

  private static List<String> fields(ClusterObject policy) {
    var ports = new NamedPorts();
    ports.change(Optional.empty(), Optional.of(policy));
    return ports.missing().get(policy.key()).problems().stream().map(Problem::field).toList();
  }

  @Example
  void n9_aNameThatIsWrittenWrongIsToldUntilAPodHasIt() {
    var ports = new NamedPorts();
    var policy = policy("shop", List.of(tcp("wbe")), List.of());
    ports.change(Optional.empty(), Optional.of(policy));
    assertThat(ports.missing().get(policy.key()).problems())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.text())
                    .isEqualTo(
                        "api: NetworkPolicy/shop/policy: spec.ingress[0].ports: no pod of namespace"
                            + " shop has a TCP port with the name wbe; it matches nothing until one"
                            + " has (ports of init containers count only with restartPolicy:"
                            + " Always)"));
    ports.change(Optional.empty(), Optional.of(pod("bank", "a", List.of(tcp("wbe")))));
    assertThat(ports.missing()).containsOnlyKeys(policy.key());
    ports.change(Optional.empty(), Optional.of(pod("shop", "a", List.of(tcp("wbe")))));
    assertThat(ports.missing()).isEmpty();
  }
}
