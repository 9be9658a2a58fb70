package io.portcullis.validation;

import static io.portcullis.validation.Manifests.admin;
import static io.portcullis.validation.Manifests.baseline;
import static io.portcullis.validation.Manifests.cluster;
import static io.portcullis.validation.Manifests.legacy;
import static io.portcullis.validation.Manifests.object;
import static io.portcullis.validation.Manifests.policy;
import static io.portcullis.validation.Manifests.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.json.Json;
import io.portcullis.manifest.FileContents;
import io.portcullis.sighting.DesiredObjects;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Refusals;
import io.portcullis.sighting.Severity;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * N10: an object that was published and is then written with a field that nobody reads, or with one
 * twice, keeps its earlier form, in a watcher that has started since too. Without an earlier form
 * it fails closed.
 */
class MisspeltObjectsTest {
  private static final String SPEC =
      "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app:"
          + " web}}}], ports: [{protocol: TCP, port: 80}]}]}";
  private static final String POLICY =
      policy(
          SPEC.replace("{from: [", "{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, ")
              .replace(
                  "{podSelector: {matchLabels: {app: db}},",
                  "{policyTypes: [Ingress], podSelector: {matchLabels: {app: db}},"));
  private static final String TIERED =
      "{%spriority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}],"
          + " %s}], egress: []}";
  private static final String CLUSTER =
      cluster(
          TIERED.formatted("tier: Admin, ", "protocols: [{tcp: {destinationPort: {number: 80}}}]"));
  private static final String PORTS = "ports: [{portNumber: {protocol: TCP, port: 80}}]";
  private static final String ADMIN = admin(TIERED.formatted("", PORTS));
  private static final String BASELINE =
      baseline(TIERED.formatted("", PORTS).replace("priority: 1, ", ""));
  private static final String POD =
      object(
          "Pod",
          "{name: a, namespace: shop, labels: {app: db}}",
          """
          spec: {nodeName: n1, hostNetwork: false, containers: [{ports: [{name: http, containerPort: 80}]}]}
          status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}]}
          """);
  private static final String NAMESPACE = object("Namespace", "{name: shop, labels: {a: b}}", "");
  private static final String NODE =
      object("Node", "{name: n1, labels: {a: b}}", "status: {addresses: [{address: 10.0.0.1}]}");

  /** An object as it was, and a part of it as it is written since. */
  record Misspelling(String was, String part, String now) {
    String text() {
      assertThat(was).contains(part);
      return was.replaceFirst(java.util.regex.Pattern.quote(part), now);
    }

    @Override
    public String toString() {
      return was.lines().skip(1).findFirst().orElseThrow() + ": " + now;
    }
  }

  private static Misspelling misspelt(String was, String part, String now) {
    return new Misspelling(was, part, now);
  }

  static Stream<Misspelling> policies() {
    return Stream.of(
            Stream.of(
                misspelt(POLICY, "policyTypes:", "policytypes:"),
                misspelt(POLICY, "except:", "exept:"),
                misspelt(POLICY, "spec:", "sepc:"),
                misspelt(POLICY, "spec: {", "future: null\nspec: {")),
            Stream.of(POLICY, legacy(SPEC)).flatMap(MisspeltObjectsTest::ofNamespaces),
            Stream.of(CLUSTER, CLUSTER.replace("v1alpha2", "v1beta1"), ADMIN, BASELINE)
                .flatMap(MisspeltObjectsTest::ofTiers),
            Stream.of(
                misspelt(CLUSTER, "protocols:", "protocls:"),
                misspelt(CLUSTER, "destinationPort:", "destinationport:"),
                misspelt(ADMIN, "portNumber:", "portnumber:"),
                misspelt(ADMIN, "ports:", "prots:")))
        .flatMap(cases -> cases);
  }

  private static Stream<Misspelling> ofNamespaces(String policy) {
    return Stream.concat(
        ofMetadata(policy, "name: web,"),
        Stream.of(
            misspelt(policy, "from:", "form:"),
            misspelt(policy, "from: [", "from: [], from: ["),
            misspelt(policy, "ports:", "prots:"),
            misspelt(policy, "port: 80", "prot: 80"),
            misspelt(policy, "port: 80", "port: 80, port: 81"),
            misspelt(policy, "matchLabels:", "matchLables:"),
            misspelt(policy, "podSelector:", "podselector:"),
            misspelt(policy, "podSelector:", "podSelector: {}, podSelector:"),
            misspelt(policy, "matchLabels: {", "matchLabels: {a: b}, matchLabels: {"),
            misspelt(policy, "matchLabels: {app", "matchLabels: {app: other, app"),
            misspelt(policy, "ingress:", "ingres:"),
            misspelt(policy, "ingress:", "future: null, ingress:"),
            misspelt(policy, "ingress:", "ingress: null, ingress:")));
  }

  private static Stream<Misspelling> ofTiers(String policy) {
    var name = policy.contains("name: rules") ? "name: rules" : "name: default";
    return Stream.concat(
        ofMetadata(policy.replace("{" + name + "}", "{" + name + ",}"), name + ","),
        Stream.of(
            misspelt(policy, "from:", "form:"),
            misspelt(policy, "action: Deny", "action: Deny, action: Accept"),
            misspelt(policy, "ingress:", "ingres:"),
            misspelt(policy, "egress:", "future: null, egress:"),
            misspelt(policy, "egress:", "egress: null, egress:")));
  }

  private static Stream<Misspelling> ofMetadata(String object, String name) {
    return Stream.of(
            "lables: {a: b},",
            "lables: null,",
            "annotations: null, annotations: null,",
            "labels: {a: b}, labels: {a: c},")
        .map(more -> misspelt(object, name, name + " " + more));
  }

  static Stream<Misspelling> pods() {
    return Stream.concat(
        ofMetadata(POD.replace(", labels: {app: db}", ""), "name: a,"),
        Stream.of(
            misspelt(POD, "labels:", "lables:"),
            misspelt(POD, "nodeName:", "nodename:"),
            misspelt(POD, "hostNetwork:", "hostnetwork:"),
            misspelt(POD, "hostNetwork:", "hostnetwork: null, hostNetwork:"),
            misspelt(POD, "hostNetwork: false", "hostNetwork: false, hostNetwork: null"),
            misspelt(POD, "containerPort:", "containerport:"),
            misspelt(POD, "ports:", "port: null, ports:"),
            misspelt(POD, "podIPs:", "podips:")));
  }

  static Stream<Misspelling> others() {
    return Stream.of(NAMESPACE, NODE)
        .flatMap(
            object ->
                Stream.concat(
                    Stream.of(misspelt(object, "labels:", "lables:")),
                    Stream.of(
                            "lables: null, labels:",
                            "labels: null, labels:",
                            "annotations: {}, annotations: {}, labels:")
                        .map(now -> misspelt(object, "labels:", now))));
  }

  @ParameterizedTest
  @MethodSource({"policies", "pods", "others"})
  void n10_theEarlierFormStays(Misspelling misspelling) {
    var published = published(misspelling.was());
    var now = read(misspelling.text());
    var desired = DesiredObjects.of(published, now.sightings());
    assertThat(desired.values())
        .containsExactlyElementsOf(
            published.values().stream()
                .map(object -> object.withOrigin(object.origin().ofKeptForm()))
                .toList());
    assertThat(inForce(now, desired))
        .isNotEmpty()
        .allSatisfy(
            words ->
                assertThat(words).contains("earlier form enforced since 2023-11-14T22:13:20Z"));
  }

  @ParameterizedTest
  @MethodSource({"policies", "pods"})
  void n10_withoutAnEarlierFormItFailsClosed(Misspelling misspelling) {
    var now = read(misspelling.text());
    var desired = DesiredObjects.of(Map.of(), now.sightings());
    if (desired.isEmpty()) {
      assertThat(misspelling.was()).as("it isolates nobody (L3)").contains("extensions/v1beta1");
      assertThat(inForce(now, desired)).containsOnly("not enforced at all");
      return;
    }
    assertThat(desired.values())
        .singleElement()
        .satisfies(object -> assertThat(object.origin().failClosed()).isTrue());
    assertThat(inForce(now, desired))
        .isNotEmpty()
        .allSatisfy(words -> assertThat(words).contains("closed: "));
  }

  @ParameterizedTest
  @MethodSource("others")
  void n10_whatProtectsNobodyIsNotEnforcedWithoutAnEarlierForm(Misspelling misspelling) {
    var now = read(misspelling.text());
    var desired = DesiredObjects.of(Map.of(), now.sightings());
    assertThat(desired).isEmpty();
    assertThat(inForce(now, desired))
        .isNotEmpty()
        .allSatisfy(words -> assertThat(words).isEqualTo("not enforced at all"));
  }

  /** What the topic has of a text, as a watcher reads it that starts later. */
  private static SortedMap<ObjectKey, ClusterObject> published(String text) {
    assertThat(Manifests.errors(text)).as(text).isEmpty();
    var published = new TreeMap<ObjectKey, ClusterObject>();
    DesiredObjects.of(Map.of(), read(text).sightings())
        .forEach(
            (key, object) ->
                published.put(key, Json.read(Json.bytes(object), ClusterObject.class)));
    assertThat(published).hasSize(1);
    return published;
  }

  /** What is told of each error. */
  private static List<String> inForce(FileContents now, Map<ObjectKey, ClusterObject> desired) {
    var errors =
        Manifests.problems(now).filter(p -> p.severity() == Severity.ERROR).distinct().toList();
    return Refusals.told(errors, now.sightings(), desired).stream()
        .map(Problem::inForce)
        .map(words -> words.orElse("nothing is told"))
        .toList();
  }
}
