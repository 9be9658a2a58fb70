package io.portcullis.validation;

import static io.portcullis.validation.Manifests.errors;
import static io.portcullis.validation.Manifests.good;
import static io.portcullis.validation.Manifests.object;
import static io.portcullis.validation.Manifests.read;
import static io.portcullis.validation.Manifests.refused;
import static io.portcullis.validation.Manifests.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ClusterObject.Node;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import io.portcullis.sighting.Severity;
import io.portcullis.sighting.Sighting;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pods, nodes, namespaces, and what all objects have in common. */
class CoreObjectsTest {

  @Test
  void t8_aPodHasAllItsAddressesAndTheRestThatMatters() {
    var pod =
        pod(
            "{name: web, namespace: shop, uid: u-1, generation: 3, labels: {app: web},"
                + " creationTimestamp: 2026-01-31T12:00:00.5Z}",
            """
            spec: {nodeName: n1}
            status: {phase: Running, podIP: 10.0.0.5, podIPs: [{ip: 10.0.0.5}, {ip: "fd00::5"}]}
            """);
    assertThat(pod.key()).isEqualTo(ObjectKey.pod("shop", "web"));
    assertThat(pod.origin()).isEqualTo(new Origin(Manifests.FILE, "u-1", 3, Manifests.SEEN, false));
    assertThat(pod.labels()).containsExactly(java.util.Map.entry("app", "web"));
    assertThat(pod.node()).isEqualTo("n1");
    assertThat(pod.addresses())
        .containsExactly(IpAddress.parse("10.0.0.5"), IpAddress.parse("fd00::5"));
    assertThat(pod.createdMicros()).isEqualTo(1_769_860_800_500_000L);
    assertThat(pod.hostNetwork()).isFalse();
    assertThat(pod.finished()).isFalse();
  }

  @Test
  void t6_t7_hostNetworkAndPhases() {
    assertThat(pod("{name: a}", "spec: {hostNetwork: true}").hostNetwork()).isTrue();
    for (var phase : List.of("Succeeded", "Failed")) {
      assertThat(pod("{name: a}", "status: {phase: " + phase + "}").finished()).isTrue();
    }
    assertThat(pod("{name: a, deletionTimestamp: 2026-01-31T12:00:00Z}", "").finished()).isFalse();
  }

  @Test
  void aPodsOldAddressFieldCountsAloneOrWhereBothDiffer() {
    assertThat(pod("{name: a}", "status: {podIP: 10.0.0.5}").addresses()).hasSize(1);
    var text = object("Pod", "{name: a}", "status: {podIP: 10.0.0.6, podIPs: [{ip: 10.0.0.5}]}");
    assertThat(good(Pod.class, text).addresses()).containsExactly(IpAddress.parse("10.0.0.6"));
    assertThat(warnings(text)).singleElement().asString().startsWith("status.podIPs: ");
    assertThat(pod("{name: a}", "status: {podIP: \"\"}").addresses()).isEmpty();
  }

  @Test
  void n9_namedPortsOfContainersAndSidecars() {
    var pod =
        pod(
            "{name: a}",
            """
            spec:
              containers:
              - ports: [{name: http, containerPort: 80}, {containerPort: 81}]
              - ports: [{name: dns, containerPort: 53, protocol: UDP}, {name: http, containerPort: 8080}]
              initContainers:
              - ports: [{name: setup, containerPort: 1}]
              - restartPolicy: Always
                ports: [{name: proxy, containerPort: 15001}]
            """);
    assertThat(pod.ports())
        .containsExactly(
            new ContainerPort("http", Protocol.TCP, 80),
            new ContainerPort("dns", Protocol.UDP, 53),
            new ContainerPort("http", Protocol.TCP, 8080),
            new ContainerPort("proxy", Protocol.TCP, 15001));
  }

  @Test
  void n10_whatOfAPodIsNotValidIsNamed() {
    assertThat(
            errors(
                object(
                    "Pod",
                    "{name: Web, namespace: a.b, labels: {a: -}, annotations: {\"a b\": c},"
                        + " generation: -1, creationTimestamp: yesterday}",
                    """
                    spec:
                      nodeName: a/b
                      hostNetwork: "yes"
                      containers:
                      - ports:
                        - {name: Http, containerPort: 0}
                        - {name: a, containerPort: 1, protocol: tcp}
                        - {name: a}
                    status: {podIP: 10.0.0, podIPs: [{ip: "::ffff:10.0.0.1"}, {ip: 10.0.0.1}, {ip: 10.0.0.1}]}
                    """)))
        .extracting(error -> error.split(": ")[0] + ": " + error.split(": ")[1])
        .containsExactlyInAnyOrder(
            "metadata.name: Invalid value",
            "metadata.namespace: Invalid value",
            "metadata.labels: Invalid value",
            "metadata.annotations: Invalid value",
            "metadata.generation: Invalid value",
            "metadata.creationTimestamp: Invalid value",
            "spec.nodeName: Invalid value",
            "spec.hostNetwork: Invalid value",
            "spec.containers[0].ports[0].name: Invalid value",
            "spec.containers[0].ports[0].containerPort: Invalid value",
            "spec.containers[0].ports[1].protocol: Unsupported value",
            "spec.containers[0].ports[2].name: Duplicate value",
            "spec.containers[0].ports[2].containerPort: Required value",
            "status.podIPs[0].ip: Invalid value",
            "status.podIPs[2].ip: Duplicate value",
            "status.podIP: Invalid value");
  }

  @Test
  void fieldsOfAPodThatDifferInCaseAreRefused() {
    assertThat(
            errors(object("Pod", "{name: a}", "spec: {hostnetwork: true, future: 1}\nStatus: {}")))
        .containsExactlyInAnyOrder(
            "spec.hostnetwork: unknown field; did you mean hostNetwork?",
            "Status: unknown field; did you mean status?");
  }

  @Test
  void aNodeHasItsAddressesAndPodCidrs() {
    var text =
        object(
            "Node",
            "{name: n1, labels: {zone: a}}",
            """
            spec: {podCIDR: 10.244.1.0/24, podCIDRs: [10.244.1.0/24, "fd00:1::/64"]}
            status:
              addresses:
              - {type: InternalIP, address: 192.0.2.1}
              - {type: InternalIP, address: "2001:db8::1"}
              - {type: Hostname, address: n1}
              - {type: ExternalIP, address: nowhere}
            """);
    var node = good(Node.class, text);
    assertThat(node.addresses())
        .containsExactly(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1"));
    assertThat(node.podCidrs())
        .containsExactly(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:1::/64"));
    assertThat(warnings(text)).singleElement().asString().startsWith("status.addresses[3].address");
    assertThat(
            good(Node.class, object("Node", "{name: n1}", "spec: {podCIDR: 10.244.1.0/24}"))
                .podCidrs())
        .hasSize(1);
    assertThat(errors(object("Node", "{name: n1}", "spec: {podCIDRs: [10.244.1.0]}")))
        .singleElement()
        .asString()
        .startsWith("spec.podCIDRs[0]: Invalid value: \"10.244.1.0\"");
  }

  @Test
  void t10_aNamespaceCarriesItsNameWhateverItSays() {
    var namespace =
        good(
            Namespace.class,
            object("Namespace", "{name: shop, labels: {kubernetes.io/metadata.name: other}}", ""));
    assertThat(namespace.labels()).containsEntry("kubernetes.io/metadata.name", "shop");
    assertThat(namespace.ingressDefaultDeny()).isFalse();
  }

  @Test
  void n10_aNamespaceThatIsRefusedStaysIsolated() {
    var text =
        object(
            "Namespace",
            "{name: shop, labels: {a: \"b c\"}, annotations: {net.beta.kubernetes.io/network-policy:"
                + " '{\"ingress\":{\"isolation\":\"DefaultDeny\"}}'}}",
            "");
    var form = (Namespace) refused(text).failClosed().orElseThrow();
    assertThat(form.ingressDefaultDeny()).isTrue();
    assertThat(form.labels()).doesNotContainKey("a");
    assertThat(refused(object("Namespace", "{name: a.b}", "")).failClosed()).isEmpty();
  }

  @Test
  void withoutANamespaceItIsDefaultAndOfClusterObjectsItMeansNothing() {
    assertThat(pod("{name: a}", "").key().namespace()).isEqualTo("default");
    assertThat(pod("{name: a, namespace: \"\"}", "").key().namespace()).isEqualTo("default");
    assertThat(warnings(object("Node", "{name: a, namespace: b}", "")))
        .containsExactly("metadata.namespace: not allowed on this type, it means nothing");
  }

  @Test
  void listsAreTheirItems() {
    var reading =
        read(
            """
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: Pod, metadata: {name: a}}
            - {apiVersion: v1, kind: PodList, items: [{metadata: {name: b}}, {metadata: {name: C}}]}
            - {metadata: {name: c}}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicyList
            metadata: {}
            items: [{metadata: {name: d}, spec: {}}]
            """);
    assertThat(reading.sightings())
        .extracting(sighting -> sighting.key().map(ObjectKey::display).orElse("?"))
        .containsExactly(
            "Pod/default/a", "Pod/default/b", "Pod/default/C", "?", "NetworkPolicy/default/d");
    assertThat(reading.sightings()).filteredOn(s -> s instanceof Sighting.Valid).hasSize(3);
  }

  @Test
  void otherKindsAreIgnoredWithANote() {
    assertThat(read(object("Service", "{name: a}", "")).remarks())
        .singleElement()
        .satisfies(
            note -> {
              assertThat(note.severity()).isEqualTo(Severity.NOTE);
              assertThat(note.text())
                  .isEqualTo(
                      "some/file.yaml: Service/default/a: kind: ignored, it has no part in"
                          + " policy");
            });
    assertThat(
            read("apiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n")
                .sightings())
        .isEmpty();
  }

  @Test
  void aKindOfOursInAVersionThatDoesNotExistIsRefused() {
    for (var version : List.of("v1", "networking.k8s.io/v1beta1", "networking/v1", "apps/v1")) {
      assertThat(errors("apiVersion: " + version + "\nkind: NetworkPolicy\nmetadata: {name: a}\n"))
          .containsExactly(
              "apiVersion: no matches for kind \"NetworkPolicy\" in version \""
                  + version
                  + "\"; did you mean networking.k8s.io/v1 or extensions/v1beta1?");
    }
  }

  @Test
  void whatIsNoObjectIsUnreadable() {
    for (var text : List.of("just text\n", "- a\n- b\n", "[1]", "5\n")) {
      assertThat(read(text).sightings())
          .as(text)
          .singleElement()
          .isInstanceOf(Sighting.Unreadable.class);
    }
    assertThat(read("null\n---\n~\n").sightings()).isEmpty();
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheText() {
    assertThat(good(Pod.class, "\uFEFF" + object("Pod", "{name: a}", "")).key().name())
        .isEqualTo("a");
  }

  @Test
  void aBrokenDocumentHarmsNoOther() {
    var reading =
        read(
            object("Pod", "{name: a}", "")
                + "---\nkind: Pod\nmetadata:\n  name: b\n  namespace: shop\n spec: [\n---\n"
                + object("Pod", "{name: c}", ""));
    assertThat(reading.sightings())
        .extracting(sighting -> sighting.key().map(ObjectKey::name).orElse("?"))
        .containsExactly("a", "?", "c");
    assertThat(reading.sightings().get(1).problems())
        .singleElement()
        .extracting(problem -> problem.object())
        .isEqualTo("Pod/shop/b");
  }

  @Test
  void theControllingOwnerGroupsPods() {
    var metadata =
        "{name: a, ownerReferences: [%s, {apiVersion: v1, kind: Node, name: node, uid: u}]}";
    var owner = "{apiVersion: apps/v1, kind: ReplicaSet, name: a-5d4, uid: x, controller: true}";
    assertThat(pod(metadata.formatted(owner), "").owner()).isEqualTo("ReplicaSet/a-5d4");
    assertThat(pod(metadata.formatted(owner.replace("true", "false")), "").owner()).isEmpty();
  }

  @Test
  void ownersAndFinalizersAreValidatedAsTheServerDoes() {
    var metadata = "{name: a, ownerReferences: [%s], finalizers: [%s]}";
    var owner = "{apiVersion: apps/v1, kind: ReplicaSet, name: a, uid: x}";
    assertThat(errors(object("Pod", metadata.formatted(owner, "example.com/a"), ""))).isEmpty();
    assertThat(errors(object("Pod", metadata.formatted("{kind: ''}, 5", "a/b/c, 5"), "")))
        .extracting(error -> error.substring(0, Math.min(error.length(), 60)))
        .containsExactly(
            "metadata.ownerReferences[0].apiVersion: Invalid value: \"\": v",
            "metadata.ownerReferences[0].kind: Invalid value: \"\": must no",
            "metadata.ownerReferences[0].name: Invalid value: \"\": must no",
            "metadata.ownerReferences[0].uid: Invalid value: \"\": must not",
            "metadata.ownerReferences[1]: Invalid value: 5: must be an ob",
            "metadata.finalizers: Invalid value: \"a/b/c\": a qualified nam",
            "metadata.finalizers[1]: Invalid value: 5: must be a string; ");
    assertThat(errors(object("Pod", "{name: a, resourceVersion: 5}", "")))
        .containsExactly(
            "metadata.resourceVersion: Invalid value: 5: must be a string; write it in quotes");
  }

  @Test
  void namesThatCanBeNoKeyAreUnreadableAndOthersRefusedByName() {
    for (var name : List.of("a/b", "a\\nb", "x".repeat(254))) {
      assertThat(read(object("Pod", "{name: \"" + name + "\"}", "")).sightings())
          .as(name)
          .isNotEmpty()
          .allSatisfy(sighting -> assertThat(sighting).isInstanceOf(Sighting.Unreadable.class));
    }
    var refused = refused(object("Pod", "{name: \"x; flush ruleset\"}", ""));
    assertThat(refused.id()).isEqualTo(ObjectKey.pod("default", "x; flush ruleset"));
    assertThat(refused.problems().getFirst().text())
        .startsWith("some/file.yaml: Pod/default/x; flush ruleset: metadata.name: Invalid value");
  }

  @Test
  void aProblemIsOneLineWhateverStandsInTheObject() {
    var reading = read(object("Pod", "{name: \"a\\nb\\u001b[31m\\u2028\\u202e\"}", ""));
    assertThat(Manifests.problems(reading).map(problem -> problem.text()))
        .allSatisfy(text -> assertThat(text).doesNotContainPattern("[\\p{Cntrl}\u2028\u202e]"));
  }

  private static Pod pod(String metadata, String rest) {
    return good(Pod.class, object("Pod", metadata, rest));
  }
}
