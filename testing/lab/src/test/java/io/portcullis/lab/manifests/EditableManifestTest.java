package io.portcullis.lab.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.manifest.FileContents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EditableManifestTest {
  private static final String MIXED =
      """
      # the shop
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {"on": "yes"}}
      --- # broken
      kind: [
      ---

      kind: List
      apiVersion: v1
      items:
      - {apiVersion: v1, kind: Pod, metadata: {name: db}}
      ---
      {"kind": "Namespace",
      """;

  private static EditableManifest read(String text) {
    return EditableManifest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(EditableManifest manifest) {
    return new String(manifest.bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void whatIsNotChangedStaysAsItIsWritten() {
    for (var text : List.of(MIXED, "", "\uFEFFkind: Pod", "--- nonsense\nkind: Pod")) {
      var manifest = read(text);
      manifest.items();
      assertThat(text(manifest)).isEqualTo(text);
    }
    var noText = new byte[] {(byte) 0xff, 0};
    assertThat(EditableManifest.of(noText).items()).isEmpty();
    assertThat(EditableManifest.of(noText).bytes()).isEqualTo(noText);
  }

  @Test
  void everyObjectThatCanBeParsedIsThere() {
    assertThat(read(MIXED).items())
        .extracting(item -> item.kind() + "/" + item.object().at("/metadata/name").asText())
        .containsExactly("Pod/web", "Pod/db");
  }

  @Test
  void aChangedDocumentStaysInItsLineAndTheOthersAsTheyAre() {
    var manifest = read(MIXED);
    manifest.items().forEach(item -> item.object().putObject("spec").put("nodeName", "n1"));
    assertThat(text(manifest).lines().toList())
        .startsWith(
            "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\",\"labels\":"
                + "{\"on\":\"yes\"}},\"spec\":{\"nodeName\":\"n1\"}}",
            "",
            "",
            "",
            "---",
            "kind: [",
            "---")
        .endsWith("---", "{\"kind\": \"Namespace\",")
        .hasSameSizeAs(MIXED.lines().toList());
  }

  @Test
  void aChangedFileReadsAsWhatItBecame() {
    var manifest = read(MIXED);
    manifest.items().forEach(item -> item.object().putObject("spec").put("nodeName", "n1"));
    var before = FileContents.of("f", MIXED.getBytes(StandardCharsets.UTF_8), 0);
    var after = FileContents.of("f", manifest.bytes(), 0);
    assertThat(after.sightings()).hasSameSizeAs(before.sightings());
    assertThat(after.sightings().toString()).contains("node=n1");
    assertThat(after.sightings().stream().flatMap(sighting -> sighting.problems().stream()))
        .isEqualTo(
            before.sightings().stream().flatMap(sighting -> sighting.problems().stream()).toList());
  }

  @Test
  void anAliasIsACopy() {
    var manifest =
        read(
            "items:\n- {kind: Pod, spec: &a {hostNetwork: false}}\n- {kind: Pod, spec: *a}\n"
                + "kind: List\n");
    manifest.items().getFirst().object().withObject("/spec").put("nodeName", "n1");
    assertThat(manifest.items().getLast().object().at("/spec/nodeName").isMissingNode()).isTrue();
  }
}
