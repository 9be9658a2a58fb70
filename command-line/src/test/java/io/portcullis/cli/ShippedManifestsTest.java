package io.portcullis.cli;

import static io.portcullis.cli.Ran.portcullis;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests that come with Portcullis have no problem. */
class ShippedManifestsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "deploy/examples/shop.yaml",
        "deploy/examples/boutique/cluster",
        "deploy/examples/boutique/change",
        "deploy/examples/monitoring/cluster",
        "deploy/examples/monitoring/change",
        "testing/lab/manifests"
      })
  void theyAreValid(String folder) {
    var ran = portcullis("compile", "--manifests", Path.of("..", folder));
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).endsWith(" valid, 0 refused, 0 warnings\n");
  }
}
