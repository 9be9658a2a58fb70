package io.portcullis.validation;

import static io.portcullis.validation.Manifests.object;
import static io.portcullis.validation.Manifests.policy;
import static io.portcullis.validation.Manifests.problems;
import static io.portcullis.validation.Manifests.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.sighting.Severity;
import io.portcullis.sighting.Sighting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** N10: what YAML, files and lists can do to a document harms that document only, and is told. */
class TrapsTest {
  private static final String BEFORE = object("Pod", "{name: before}", "");
  private static final String AFTER = object("Pod", "{name: after}", "");

  /** A document, and what is told of it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "kind: Pod\nkind: Node\n => line 10: the key appears twice: kind",
        "kind: Pod\nmetadata:\n\tname: a\n => line 11: found character '\\t(TAB)' that cannot start",
        "a: *nowhere\n => line 9: found undefined alias nowhere",
        "a: 'never ends\n => line 10: found unexpected end of stream",
        "a: \u0007\n => document: special characters are not allowed",
        "a: !!binary aGk=\n => line 9: this tag has no meaning here: tag:yaml.org,2002:binary",
        "? {a: b}\n: c\n => line 9: a key must be a scalar",
        "a: b\n...\nc: d\n => line 11: expected '<document start>'",
        "{\"kind\": \"Pod\", \"kind\": \"Node\"}\n => line 9: Duplicate field 'kind'",
        "{\"kind\": \"Pod\"} trailing\n => line 9: Unrecognized token 'trailing'",
        "a: .inf\n => line 9: JSON has no such number: .inf",
        "kind: List\napiVersion: v1\n => items: Required value",
        "kind: List\napiVersion: v1\nitems: {}\n => items: Invalid value: {}: must be a list",
        "kind: PodList\napiVersion: v1\n => items: Required value",
        "kind: List\napiVersion: v1\nitems: [5]\n => document: an object was expected, not: 5",
        "kind: [Pod]\napiVersion: v1\nmetadata: {name: a}\n => kind: Required value",
        "kind: Pod\napiVersion: 1\nmetadata: {name: a}\n => apiVersion: Required value",
      })
  void n10_aTrapHarmsItsDocumentOnly(String example) {
    var at = example.lastIndexOf(" => ");
    var document = example.substring(0, at).replace("\\t", "\t");
    var expected = example.substring(at + 4).strip().replace("\\t", "\\t");
    var reading = read(BEFORE + "---\n# comments\n\n---\n" + document + "---\n" + AFTER);
    assertThat(names(reading.sightings())).contains("before", "after");
    assertThat(problems(reading).filter(problem -> problem.severity() == Severity.ERROR))
        .extracting(problem -> problem.field() + ": " + problem.reason())
        .anySatisfy(error -> assertThat(error).startsWith(expected));
  }

  @Test
  void n10_bytesThatAreNoTextHarmTheirDocumentOnly() throws IOException {
    var bytes = new ByteArrayOutputStream();
    bytes.write((BEFORE + "---\nkind: Pod\nmetadata:\n  name: a\n  labels: {x: ").getBytes(UTF_8));
    bytes.write(0xff);
    bytes.write(("}\n--- # an umlaut: ").getBytes(UTF_8));
    bytes.write("ü".getBytes(StandardCharsets.ISO_8859_1));
    bytes.write(("\n" + AFTER).getBytes(UTF_8));
    var reading = read(bytes.toByteArray());
    assertThat(names(reading.sightings())).containsExactly("before", "?", "after");
    assertThat(problems(reading).map(problem -> problem.text()))
        .containsExactly("some/file.yaml: Pod/default/a: line 9: not UTF-8");
    assertThat(problems(read("kind: Pod\n".getBytes(StandardCharsets.UTF_16))).toList())
        .singleElement()
        .extracting(problem -> problem.reason())
        .isEqualTo("not UTF-8");
  }

  @Test
  void n10_aBombOfAnchorsHarmsItsDocumentOnly() {
    var bomb = new StringBuilder("a0: &a0 {x: y, z: w}\n");
    for (var i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)));
    }
    var merges = new StringBuilder("b0: &b0 {x0: y}\n");
    for (var i = 1; i < 60; i++) {
      merges.append("b%d: &b%d {<<: [*b%d, *b%d], x%d: y}\n".formatted(i, i, i - 1, i - 1, i));
    }
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          var reading = read(BEFORE + "---\n" + bomb + "---\n" + merges + "---\n" + AFTER);
          assertThat(names(reading.sightings())).containsExactly("before", "?", "?", "after");
        });
  }

  @Test
  void n10_aHugeDocumentIsReadAndOneBeyondSenseRefused() {
    var rules = "{from: [{podSelector: {matchLabels: {a: b}}}], ports: [{port: 80}]},\n";
    var huge = policy("{podSelector: {}, ingress: [\n" + rules.repeat(20_000) + "]}");
    var longLine = object("Pod", "{name: a, annotations: {x: '" + "y".repeat(300_000) + "'}}", "");
    var tooLong = object("Pod", "{name: b}", "# " + "y".repeat(50_000_000));
    var deep = "a: " + "{b: ".repeat(20_000) + "c" + "}".repeat(20_000) + "\n";
    var text = String.join("---\n", BEFORE, huge, longLine, tooLong, deep, AFTER);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          var reading = read(text);
          assertThat(names(reading.sightings()))
              .containsExactly("before", "web", "a", "?", "?", "after");
          assertThat(reading.sightings().get(1)).isInstanceOf(Sighting.Valid.class);
          assertThat(problems(reading).map(problem -> problem.object() + ": " + problem.reason()))
              .satisfiesExactly(
                  first ->
                      assertThat(first)
                          .isEqualTo("Pod/default/a: Too long: may not be more than 262144 bytes"),
                  second ->
                      assertThat(second)
                          .startsWith("document 4 (line ")
                          .endsWith(": longer than 1572864 characters"),
                  third -> assertThat(third).startsWith("document 5 (line "));
        });
  }

  @Test
  void n10_aHugeNumberOfFaultsIsToldInTime() {
    var broken = "{from: [{}], ports: [{port: 0}]},\n".repeat(50_000);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () ->
            assertThat(Manifests.errors(policy("{podSelector: {}, ingress: [\n" + broken + "]}")))
                .hasSize(100_000));
  }

  @Test
  void n10_typesOfYamlAreTypesOfTheApi() {
    assertThat(
            Manifests.errors(
                policy("{podSelector: {matchLabels: {on: yes, version: 1.10, id: 0123}}}")))
        .containsExactlyInAnyOrder(
            "spec.podSelector.matchLabels[true]: Invalid value: true: must be a string; write it in quotes",
            "spec.podSelector.matchLabels[version]: Invalid value: 1.1: must be a string; write it in quotes",
            "spec.podSelector.matchLabels[id]: Invalid value: 83: must be a string; write it in quotes");
    assertThat(Manifests.errors(object("Pod", "{name: 1e3}", "")))
        .containsExactly(
            "metadata.name: Invalid value: 1000.0: must be a string; write it in quotes");
  }

  @Test
  void n10_anUnrenderedTemplateOfHelmIsToldAsSuch() {
    for (var text :
        List.of(
            object("Pod", "{name: {{ .Values.name }}}", ""),
            "{{- if .Values.policy }}\n" + policy("{podSelector: {}}") + "{{- end }}\n",
            object("Pod", "{name: '{{ .Values.name }}'}", ""),
            object("'{{ .Values.kind }}'", "{name: a}", ""),
            policy("{podSelector: {matchLabels: {app: '{{ .Values.app }}'}}}"))) {
      assertThat(Manifests.errors(text))
          .as(text)
          .anySatisfy(error -> assertThat(error).endsWith(HelmTemplate.REMEDY));
    }
    var alert =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: '{{ $labels }}'}\n";
    assertThat(Manifests.errors(alert)).isEmpty();
  }

  @Test
  void n10_anItemOfAListHarmsNoOther() {
    var reading =
        read(
            """
            apiVersion: v1
            kind: List
            metadata: {resourceVersion: ""}
            items:
            - {apiVersion: v1, kind: Pod, metadata: {name: a}}
            - {apiVersion: v1, kind: Pod, metadata: {name: b, labels: {x: ' '}}}
            - {apiVersion: apps/v1, kind: Deployment, metadata: {name: c}}
            - null
            - {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {name: d}}]}
            - {apiVersion: v1, kind: List, items: null}
            """);
    assertThat(names(reading.sightings())).containsExactly("a", "b", "?", "d");
    assertThat(problems(reading).map(problem -> problem.object()))
        .containsExactly("Pod/default/b", "document 1 (line 1), items[3]", "Deployment/default/c");
  }

  private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;

  private static List<String> names(List<Sighting> sightings) {
    return sightings.stream().map(s -> s.key().map(ObjectKey::name).orElse("?")).toList();
  }
}
