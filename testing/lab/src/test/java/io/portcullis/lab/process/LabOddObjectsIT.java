package io.portcullis.lab.process;

import static io.portcullis.lab.network.TestNetwork.reaches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests objects that a real API server accepts and that contain a mistake; packets show what is
 * enforced.
 */
class LabOddObjectsIT {
  private static final String EXEMPT = "vital";

  @TempDir private static Path folder;
  private static KubernetesLab cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = KubernetesLab.start(folder, Map.of("PORTCULLIS_EXEMPT_NAMESPACES", EXEMPT));
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /**
   * An object with a mistake, and a namespace with a pod that it applies to.
   *
   * @param name the name of both
   * @param kind the kind of the object
   * @param yaml the object
   * @param told the field that the object's condition or event must name
   * @param reached whether other pods can still reach the pod
   */
  private record Odd(String name, String kind, String yaml, String told, boolean reached) {}

  private static Odd annotation(String name, String value, String told) {
    var yaml =
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: %s, labels: {odd: %s}, annotations: {net.beta.kubernetes.io/network-policy: '%s'}}
        """;
    return new Odd(name, "Namespace", yaml.formatted(name, name, value), told, true);
  }

  /** Returns a policy that denies all ingress except by its first rule, which has a mistake. */
  private static Odd admin(String name, String told, String rule) {
    return admin(name, told, "{namespaces: {matchLabels: {odd: %s}}}".formatted(name), rule, false);
  }

  private static Odd admin(String name, String told, String subject, String rule, boolean reached) {
    var yaml =
        """
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: %s}
        spec:
          priority: 30
          subject: %s
          ingress:
          - %s
          - {action: Deny, from: [{namespaces: {}}]}
        """;
    var text = yaml.formatted(name, subject, rule.strip());
    return new Odd(name, "AdminNetworkPolicy", text, told, reached);
  }

  private static Odd cluster(String name, String told, String direction) {
    var yaml =
        """
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: %s}
        spec:
          tier: Admin
          priority: 31
          subject: {namespaces: {matchLabels: {odd: %s}}}
          ingress:
          - %s
          - {action: Deny, from: [{namespaces: {}}]}
        """;
    var text = yaml.formatted(name, name, direction.strip());
    return new Odd(name, "ClusterNetworkPolicy", text, told, false);
  }

  private static Odd namedPort(String name) {
    var yaml =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: %s, namespace: %s}
        spec:
          podSelector: {}
          ingress: [{ports: [{port: nobody}]}]
        """;
    var told = "NamedPortMissing spec.ingress[0].ports: no pod of namespace " + name;
    return new Odd(name, "NetworkPolicy", yaml.formatted(name, name), told, false);
  }

  private static final List<Odd> ODD =
      List.of(
          namedPort("odd-port"),
          annotation("odd-json", "{\"ingress\": ", "net.beta.kubernetes.io/network-policy"),
          annotation(
              "odd-isolation",
              "{\"ingress\":{\"isolation\":\"DefaultDrop\"}}",
              "net.beta.kubernetes.io/network-policy"),
          annotation("odd-array", "[\"DefaultDeny\"]", "net.beta.kubernetes.io/network-policy"),
          admin(
              "odd-range",
              "spec.ingress[0].ports[0].portRange",
              "{action: Allow, from: [{namespaces: {}}], ports: [{portRange: {protocol: TCP, start: 90, end: 8}}]}"),
          admin(
              "odd-protocol",
              "spec.ingress[0].ports[0].portNumber",
              "{action: Allow, from: [{namespaces: {}}], ports: [{portNumber: {protocol: FOO, port: 9}}]}"),
          admin(
              "odd-operator",
              "spec.ingress[0].from[0].namespaces",
              "{action: Allow, from: [{namespaces: {matchExpressions: [{key: odd, operator: Is, values: [x]}]}}]}"),
          admin(
              "odd-values",
              "spec.ingress[0].from[0].namespaces",
              "{action: Allow, from: [{namespaces: {matchExpressions: [{key: odd, operator: NotIn, values: []}]}}]}"),
          admin(
              "odd-exists",
              "spec.ingress[0].from[0].namespaces",
              "{action: Allow, from: [{namespaces: {matchExpressions: [{key: team, operator: Exists, values: [x]}]}}]}"),
          admin(
              "odd-label",
              "spec.ingress[0].from[0].pods",
              "{action: Allow, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: 'no label!'}}}}]}"),
          admin(
              "odd-subject",
              "spec.subject",
              "{namespaces: {matchExpressions: [{key: odd, operator: Is, values: [odd-subject]}]}}",
              "{action: Deny, from: [{namespaces: {}}]}",
              true),
          cluster(
              "odd-cluster-name",
              "spec.ingress[0].protocols[0]",
              "{action: Accept, from: [{namespaces: {}}], protocols: [{destinationNamedPort: 'no name!'}]}"),
          cluster(
              "odd-deny",
              "spec.ingress[0].from[0].namespaces",
              "{action: Deny, from: [{namespaces: {matchExpressions: [{key: odd, operator: Is, values: [x]}]}}]}"));

  private static String namespace(String name) {
    return "apiVersion: v1\nkind: Namespace\nmetadata: {name: %s, labels: {odd: %s}}\n"
        .formatted(name, name);
  }

  private static String pod(String namespace) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: pod, namespace: %s, labels: {app: pod}}
    spec: {nodeName: node-2, containers: [{name: pod, image: pod}]}
    """
        .formatted(namespace);
  }

  private static boolean reachesPod(String from, String to) throws Exception {
    await()
        .until(
            () ->
                cluster.lab().json().path("pods").has(from)
                    && cluster.lab().json().path("pods").has(to));
    var pods = cluster.lab().json().path("pods");
    return reaches(
        pods.path(from).path("netns").asText(), pods.path(to).path("ips").path(0).asText());
  }

  @Test
  void anObjectWithAMistakeIsToldSoFailsClosedAndHarmsNoOther() throws Exception {
    var refused = new ArrayList<String>();
    for (var odd : ODD) {
      if (!odd.kind().equals("Namespace")) {
        cluster.apply(namespace(odd.name()));
      }
      try {
        cluster.apply(odd.yaml());
      } catch (RuntimeException e) {
        refused.add(odd.name() + ": " + e.getMessage());
      }
      cluster.apply(pod(odd.name()));
    }
    assertThat(refused).isEmpty();
    cluster.newPolicyIsEnforced();
    await()
        .untilAsserted(
            () -> {
              var softly = new SoftAssertions();
              for (var odd : ODD) {
                softly.assertThat(cluster.events(odd.name())).as(odd.name()).contains(odd.told());
                softly
                    .assertThat(accepted(odd))
                    .as(odd.name())
                    .containsAnyOf("PartlyUnderstood", "Invalid")
                    .contains(odd.told());
              }
              softly.assertAll();
            });
    assertThat(ODD.stream().filter(odd -> !told(odd)).map(Odd::name)).isEmpty();
    var asMeant = ODD.stream().collect(Collectors.toMap(Odd::name, Odd::reached));
    await()
        .untilAsserted(
            () -> {
              var seen = new TreeMap<String, Boolean>();
              for (var odd : ODD) {
                seen.put(odd.name(), reachesPod("operations/shell", odd.name() + "/pod"));
              }
              assertThat(seen).containsExactlyInAnyOrderEntriesOf(asMeant);
            });
    cluster.newPolicyIsEnforced();
  }

  /** Returns the message of the object's condition; Kubernetes' own kinds have none. */
  private static String accepted(Odd odd) {
    if (!odd.kind().endsWith("NetworkPolicy") || odd.kind().equals("NetworkPolicy")) {
      return "Invalid " + odd.told();
    }
    var version = odd.kind().startsWith("Cluster") ? "v1alpha2" : "v1alpha1";
    var object = cluster.object("policy.networking.k8s.io/" + version, odd.kind(), odd.name());
    return KubernetesLab.status(object);
  }

  private static boolean told(Odd odd) {
    try {
      return cluster.problems().contains(odd.kind() + "/" + odd.name());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whoDeniesEverythingToEveryoneIsNotLockedOutAndTakesItBack() throws Exception {
    for (var name : List.of("one", "two")) {
      cluster.apply(namespace(EXEMPT));
      cluster.apply(pod(EXEMPT).replace("name: pod,", "name: %s,".formatted(name)));
    }
    await().untilAsserted(() -> assertThat(vitalPodsTalk()).isTrue());
    await().untilAsserted(() -> assertThat(othersTalk()).isTrue());
    var everything =
        """
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: everything}
        spec:
          tier: Admin
          priority: 0
          subject: {namespaces: {}}
          ingress: [{action: Deny, from: [{namespaces: {}}]}]
          egress: [{action: Deny, to: [{networks: ['0.0.0.0/0', '::/0']}]}]
        """;
    cluster.apply(everything);
    await().untilAsserted(() -> assertThat(othersTalk()).isFalse());
    assertThat(vitalPodsTalk()).isTrue();
    cluster.everyWatcherIsKilled();
    cluster.delete(everything);
    await().untilAsserted(() -> assertThat(othersTalk()).isTrue());
    assertThat(vitalPodsTalk()).isTrue();
  }

  private static boolean vitalPodsTalk() throws Exception {
    return reachesPod(EXEMPT + "/one", EXEMPT + "/two");
  }

  private static boolean othersTalk() throws Exception {
    return reachesPod("operations/shell", "operations/monitor");
  }
}
