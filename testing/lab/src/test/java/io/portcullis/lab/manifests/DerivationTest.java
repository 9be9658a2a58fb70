package io.portcullis.lab.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Node;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.manifest.FileContents;
import io.portcullis.sighting.Sighting;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DerivationTest {
  private final Derivation derivation = new Derivation();

  private static SortedMap<String, byte[]> files(String... namesAndTexts) {
    var files = new TreeMap<String, byte[]>();
    for (var i = 0; i < namesAndTexts.length; i += 2) {
      files.put(namesAndTexts[i], namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    return files;
  }

  private static String pod(String name) {
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: %s, namespace: shop}\n".formatted(name);
  }

  private static <T extends ClusterObject> SortedMap<String, T> objects(
      SortedMap<String, byte[]> files, Class<T> type) {
    var objects = new TreeMap<String, T>();
    files.forEach(
        (name, bytes) ->
            FileContents.of(name, bytes, 0).sightings().stream()
                .filter(Sighting.Valid.class::isInstance)
                .map(sighting -> ((Sighting.Valid) sighting).object())
                .filter(type::isInstance)
                .forEach(object -> objects.put(object.key().name(), type.cast(object))));
    return objects;
  }

  @Test
  void podsGetNodesInTurnAndAnAddressOfEachFamily() {
    var derived =
        derivation.derive(files("a.yaml", pod("a") + "---\n" + pod("b"), "c.yml", pod("c")));
    assertThat(objects(derived, Node.class)).containsOnlyKeys("node-1", "node-2");
    var pods = objects(derived, Pod.class);
    assertThat(pods.values()).extracting(Pod::node).containsExactly("node-1", "node-2", "node-1");
    assertThat(pods.get("a").addresses().getFirst().toString()).startsWith("10.244.1.");
    assertThat(pods.get("b").addresses().getFirst().toString()).startsWith("10.244.2.");
    assertThat(pods.get("a").addresses().getLast().toString()).startsWith("fd00:10:244:1::");
  }

  @Test
  void podsOnTheirNodesNetworkWithOnePortGoToDifferentNodes() {
    var onHost =
        "spec: {hostNetwork: true, containers: [{name: c, ports: [{containerPort: 80}]}]}\n";
    var derived =
        derivation.derive(
            files(
                "a.yaml",
                pod("a") + onHost,
                "b.yaml",
                pod("b") + onHost,
                "c.yaml",
                pod("c") + onHost));

    var pods = objects(derived, Pod.class);
    assertThat(pods.get("a").node()).isNotEqualTo(pods.get("b").node());
    assertThat(pods.get("c").node()).as("both nodes have the port taken").isEmpty();
  }

  @Test
  void theSameFilesGiveTheSame() {
    var files = files("a.yaml", pod("a") + "---\n" + pod("b"), "c.yml", pod("c"));
    var once = derivation.derive(files);
    assertThat(text(new Derivation().derive(files))).isEqualTo(text(once));
    assertThat(text(derivation.derive(files))).isEqualTo(text(once));
  }

  @Test
  void aPodKeepsItsPlaceWhileOthersComeAndGoAndAlsoWhenItsOwnFileIsAwayForAMoment() {
    var first = objects(derivation.derive(files("b.yaml", pod("b"))), Pod.class).get("b");
    derivation.derive(files("a.yaml", pod("a")));
    var again =
        objects(derivation.derive(files("a.yaml", pod("a"), "b.yaml", pod("b"))), Pod.class);
    assertThat(again.get("b")).isEqualTo(first);
  }

  @Test
  void whatLacksNothingStaysByteForByteAndBrokenFilesToo() {
    var files =
        files(
            "full.yaml",
            "kind: Pod   # complete\napiVersion: v1\nmetadata: {name: x}\nspec: {nodeName: n9}\n"
                + "status: {podIP: 10.1.2.3}\n",
            "broken.yaml",
            pod("y") + "---\nkind: [",
            "no-text.json",
            "{");
    var derived = derivation.derive(files);
    assertThat(text(derived)).containsEntry("full.yaml", text(files).get("full.yaml"));
    assertThat(text(derived)).containsEntry("no-text.json", "{");
    assertThat(text(derived).get("broken.yaml")).endsWith("---\nkind: [").contains("podIPs");
    assertThat(objects(derived, Node.class)).containsKeys("n9", "node-1", "node-2");
  }

  @Test
  void theUsersNodesAreTheNodesAndWhatTheyLackIsFilledIn() {
    var derived =
        derivation.derive(
            files(
                "n.yaml",
                """
                kind: Node
                apiVersion: v1
                metadata: {name: east}
                spec: {podCIDR: 192.168.7.0/28}
                status: {addresses: [{type: InternalIP, address: 172.18.0.11}]}
                ---
                kind: Node
                apiVersion: v1
                metadata: {name: west}
                """,
                "p.yaml",
                "kind: Pod\napiVersion: v1\nmetadata: {name: p}\nspec: {nodeName: east}"));
    assertThat(derived).containsOnlyKeys("n.yaml", "p.yaml");
    var nodes = objects(derived, Node.class);
    assertThat(nodes.get("west").addresses())
        .hasSize(2)
        .doesNotContainAnyElementsOf(nodes.get("east").addresses());
    assertThat(nodes.get("west").podCidrs()).hasSize(2);
    assertThat(objects(derived, Pod.class).get("p").addresses())
        .singleElement()
        .asString()
        .startsWith("192.168.7.");
  }

  @Test
  void anAddressThatAManifestGivesIsGivenToNoOther() {
    var free = objects(derivation.derive(files("a.yaml", pod("a"))), Pod.class).get("a");
    var taken = free.addresses().getFirst();
    var both =
        objects(
            derivation.derive(
                files("a.yaml", pod("a"), "b.yaml", pod("b") + "status: {podIP: " + taken + "}")),
            Pod.class);
    assertThat(both.get("b").addresses()).containsExactly(taken);
    assertThat(both.get("a").addresses()).hasSize(2).doesNotContain(taken);
  }

  @Test
  void aFullNetworkLeavesPodsWithoutAnAddressAndForgetsTheGone() {
    var node = "kind: Node\napiVersion: v1\nmetadata: {name: n}\nspec: {podCIDRs: [10.9.0.0/29]}\n";
    var pods =
        IntStream.range(0, 7).mapToObj(i -> pod("p" + i)).collect(Collectors.joining("---\n"));
    var crowded = objects(derivation.derive(files("n.yaml", node, "p.yaml", pods)), Pod.class);
    assertThat(crowded.values()).filteredOn(pod -> pod.addresses().isEmpty()).hasSize(2);
    assertThat(crowded.values().stream().flatMap(pod -> pod.addresses().stream()))
        .hasSize(5)
        .doesNotHaveDuplicates();
    var later = objects(derivation.derive(files("n.yaml", node, "q.yaml", pod("q"))), Pod.class);
    assertThat(later.get("q").addresses()).hasSize(1);
  }

  @Test
  void t6_aPodOfTheHostsNetworkHasItsNodesAddresses() {
    var pods =
        objects(
            derivation.derive(files("a.yaml", pod("a") + "spec: {hostNetwork: true}\n")),
            Pod.class);
    assertThat(pods.get("a").addresses()).extracting(Object::toString).contains("172.18.0.11");
  }

  @Test
  void t7_aFinishedPodGetsNoAddress() {
    var derived = derivation.derive(files("a.yaml", pod("a") + "status: {phase: Failed}\n"));
    assertThat(objects(derived, Pod.class).get("a").addresses()).isEmpty();
  }

  @Test
  void partsThatAreNoObjectsAreLeftToTheirAuthor() {
    for (var odd :
        List.of("spec: text\n", "status: [1]\n", "metadata: 3\n", "spec: {nodeName: '../x'}\n")) {
      var text =
          "kind: Pod\napiVersion: v1\n" + (odd.startsWith("meta") ? "" : "metadata: {name: x}\n");
      var derived = derivation.derive(files("a.yaml", text + odd));
      assertThat(derived).containsKey("a.yaml");
    }
  }

  private static SortedMap<String, String> text(SortedMap<String, byte[]> files) {
    var texts = new TreeMap<String, String>();
    files.forEach((name, bytes) -> texts.put(name, new String(bytes, StandardCharsets.UTF_8)));
    return texts;
  }
}
