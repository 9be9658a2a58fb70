package io.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands start fast because they load no service. */
class ClassPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.quarkus.runtime.Quarkus",
        "io.fabric8.kubernetes.client.KubernetesClient",
        "io.smallrye.mutiny.Uni",
        "io.vertx.core.Vertx",
        "jakarta.ws.rs.core.Response",
        "io.portcullis.watcher.WatcherLoop",
        "io.portcullis.compiler.CompilerLoop"
      })
  void servicesAndTheirLibrariesAreNotOnTheClassPath(String name) {
    assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
  }
}
