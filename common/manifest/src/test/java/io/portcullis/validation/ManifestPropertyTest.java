package io.portcullis.validation;

import static io.portcullis.validation.Manifests.object;
import static io.portcullis.validation.Manifests.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.json.Json;
import io.portcullis.manifest.FileContents;
import io.portcullis.manifest.ManifestContents;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Sighting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What must hold for any text. */
class ManifestPropertyTest {
  private static final String NEIGHBOUR = object("Pod", "{name: neighbour}", "");

  @Property(tries = 3000)
  void noTextHarmsItsNeighbours(@ForAll("texts") String text) {
    var reading =
        Manifests.read(
            NEIGHBOUR + "\n---\n" + text + "\n---\n" + NEIGHBOUR.replace("neighbour", "other"));
    assertThat(names(reading.sightings())).contains("neighbour", "other");
    assertThat(Manifests.problems(reading).map(Problem::text))
        .allSatisfy(line -> assertThat(line.lines()).hasSizeLessThanOrEqualTo(1));
  }

  @Property(tries = 1000)
  void whatBreaksAPolicyNeverMakesItVanishSilently(
      @ForAll("texts") String value, @ForAll("fields") String field) {
    var quoted = Json.mapper().getNodeFactory().textNode(value).toString();
    var reading =
        Manifests.read(
            policy("{podSelector: {}}")
                .replace("spec: {podSelector: {}}", field.formatted(quoted)));
    assertThat(reading.sightings()).isNotEmpty();
    for (var sighting : reading.sightings()) {
      switch (sighting) {
        case Sighting.Valid valid -> assertThat(valid.object().key().name()).isEqualTo("web");
        case Sighting.Invalid invalid -> assertThat(invalid.problems()).isNotEmpty();
        case Sighting.Unreadable unreadable -> assertThat(unreadable.problems()).isNotEmpty();
        case Sighting.UnknownIsolation unknown -> throw new AssertionError(unknown);
      }
    }
  }

  @Property
  void orderOfFilesAndDocumentsNeverMatters(
      @ForAll("documents") List<String> documents, @ForAll Random random) {
    var files =
        IntStream.range(0, 3)
            .mapToObj(
                i -> documents.stream().filter(d -> Math.floorMod(d.hashCode(), 3) == i).toList())
            .toList();
    var one = reading(files);
    var shuffled = new ArrayList<List<String>>();
    for (var file : files) {
      var copy = new ArrayList<>(file);
      Collections.shuffle(copy, random);
      shuffled.add(copy);
    }
    assertThat(withoutPlaces(reading(shuffled))).isEqualTo(withoutPlaces(one));
  }

  @Property
  void objectsSurviveTheirJson(@ForAll("documents") List<String> documents) {
    for (var sighting : reading(List.of(documents)).sightings()) {
      if (sighting instanceof Sighting.Valid(var object)) {
        assertThat(Json.read(Json.bytes(object), ClusterObject.class)).isEqualTo(object);
      }
      if (sighting instanceof Sighting.Invalid refused && refused.failClosed().isPresent()) {
        var form = refused.failClosed().get();
        assertThat(Json.read(Json.bytes(form), ClusterObject.class)).isEqualTo(form);
      }
    }
  }

  /** All but the numbers of lines and documents, which are the order itself. */
  private static List<String> withoutPlaces(ManifestContents reading) {
    return Stream.of(reading.sightings(), reading.problems())
        .flatMap(List::stream)
        .map(item -> item.toString().replaceAll("(document|line) [0-9]+", ""))
        .sorted()
        .toList();
  }

  private static ManifestContents reading(List<List<String>> files) {
    var readings = new ArrayList<FileContents>();
    for (var i = 0; i < files.size(); i++) {
      var text = String.join("\n---\n", files.get(i));
      readings.add(FileContents.of("f" + i + ".yaml", text.getBytes(StandardCharsets.UTF_8), 0));
    }
    return ManifestContents.of(readings);
  }

  private static List<String> names(List<Sighting> sightings) {
    return sightings.stream().map(s -> s.key().map(ObjectKey::name).orElse("?")).toList();
  }

  @Provide
  Arbitrary<String> texts() {
    var pieces =
        Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ": ",
            "- ",
            "\n",
            "  ",
            "\t",
            "'",
            "\"",
            "&a ",
            "*a",
            "<<: ",
            "!!str ",
            "!x ",
            "|",
            ">\n",
            "#",
            "%YAML 1.1\n",
            "...",
            "apiVersion: v1\n",
            "kind: Pod\n",
            "kind: List\n",
            "items: ",
            "metadata: ",
            "name: x\n",
            "null",
            "\u0000",
            "\uFEFF",
            "\u2028",
            "0x",
            "1e9",
            "🙂",
            "; drop",
            "\\",
            "networking.k8s.io/v1",
            "kind: NetworkPolicy\n",
            "spec: ");
    return Arbitraries.oneOf(
            pieces.list().ofMaxSize(12).map(list -> String.join("", list)),
            Arbitraries.strings().ofMaxLength(40))
        .map(text -> text.replaceAll("(?m)^---", "--"));
  }

  @Provide
  Arbitrary<String> fields() {
    return Arbitraries.of(
        "spec: {podSelector: %s}",
        "spec: {podSelector: {matchLabels: {a: %s}}}",
        "spec: {podSelector: {matchLabels: {%s: a}}}",
        "spec: {podSelector: {}, policyTypes: [%s]}",
        "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: %s}}]}]}",
        "spec: {podSelector: {}, ingress: [{ports: [{port: %s}]}]}",
        "spec: {podSelector: {}, egress: [{ports: [{protocol: %s}]}]}",
        "spec: {podSelector: {}, %s: []}",
        "spec: %s");
  }

  @Provide
  Arbitrary<List<String>> documents() {
    var written =
        Arbitraries.of(
            object(
                "Pod",
                "{name: a, labels: {x: a}}",
                "status: {podIPs: [{ip: 10.0.0.1}, {ip: 'fd00::1'}]}"),
            object(
                "Pod",
                "{name: a, labels: {x: b}}",
                "spec: {containers: [{ports: [{name: h, containerPort: 1}]}]}"),
            object("Pod", "{name: a, labels: {x: ' '}}", ""),
            object("Pod", "{name: b}", ""),
            object("Node", "{name: n}", "spec: {podCIDR: 10.0.0.0/24}"),
            object(
                "Namespace",
                "{name: n, annotations: {net.beta.kubernetes.io/network-policy: x}}",
                ""),
            object("Namespace", "{name: n, labels: {a: b}}", ""),
            object("Service", "{name: n}", ""),
            policy(
                "{podSelector: {matchLabels: {a: b}}, ingress: [{ports: [{port: 1, endPort: 2}, {port: x}]}]}"),
            policy(
                "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}"),
            policy("{podSelector: {}, egress: [{to: [{podSelector: {}}]}, {to: [{}]}]}"),
            Manifests.legacy("{podSelector: {}, ingress: [{from: [], ports: [{protocol: udp}]}]}"),
            "kind: [",
            "a: b");
    return Arbitraries.oneOf(written, Arbitraries.of(Originals.ALL)).list().ofMaxSize(8);
  }
}
