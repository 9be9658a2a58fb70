package io.portcullis.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.sighting.Severity;
import io.portcullis.sighting.Sighting;
import io.portcullis.validation.Manifests;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What kubectl 1.32, a server 1.36, kustomize 5.5 and helm 3.22 print has no unknown field, however
 * strictly manifests are read.
 */
class CorpusTest {
  @ParameterizedTest
  @CsvSource({
    "kubectl-get.yaml, 7",
    "kubectl-get-show-managed-fields.yaml, 7",
    "kubectl-get.json, 7",
    "kubectl-get-raw.json, 1",
    "kubectl-create-dry-run.yaml, 4",
    "kustomize-build.yaml, 2",
    "helm-template.yaml, 1",
  })
  void whatToolsPrintIsValid(String file, int objects) throws IOException {
    var read = Manifests.read(bytes("corpus/" + file));
    assertThat(Manifests.problems(read).filter(p -> p.severity() != Severity.NOTE)).isEmpty();
    assertThat(read.sightings())
        .hasSize(objects)
        .allSatisfy(sighting -> assertThat(sighting).isInstanceOf(Sighting.Valid.class));
  }

  @Test
  void aPatchOfKustomizeIsNoPolicy() throws IOException {
    var read = Manifests.read(bytes("kustomize-patch.yaml"));
    assertThat(Manifests.errors(read))
        .containsExactly(
            "spec.$patch: unknown field; this is a kustomize patch: give what `kustomize"
                + " build` prints");
    var whole = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n$patch: delete\n";
    assertThat(Manifests.read(whole + "metadata: {name: a}\n").sightings())
        .singleElement()
        .isInstanceOf(Sighting.Unreadable.class);
    assertThat(Manifests.errors(whole + "metadata: {name: a}\n"))
        .isEqualTo(
            List.of("document: this is a kustomize patch: give what `kustomize build` prints"));
  }

  private static byte[] bytes(String name) throws IOException {
    try (var file = CorpusTest.class.getResourceAsStream("/" + name)) {
      return file.readAllBytes();
    }
  }
}
