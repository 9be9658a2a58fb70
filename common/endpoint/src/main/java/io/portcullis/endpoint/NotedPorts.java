package io.portcullis.endpoint;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Notes in the file {@code portcullis-ports} of the folder for temporary files which ports the
 * service has: what runs in its container, as a kubelet's probes do, finds it by that.
 */
@Singleton
public final class NotedPorts {
  private final Optional<String> range;
  private final int management;
  private final int main;

  /**
   * @param range The range of which the service takes the first free port for health and metrics,
   *     as {@code 9001-9009}, so that replicas can share a node's network. Its port for dumps is
   *     lower by 920. Both are noted in {@code /tmp/portcullis-ports}. Unless set, the ports are
   *     9000 and 8080.
   */
  @Inject
  public NotedPorts(
      @ConfigProperty(name = "portcullis.ports") Optional<String> range,
      @ConfigProperty(name = "quarkus.management.port") int management,
      @ConfigProperty(name = "quarkus.http.port") int main) {
    this.range = range;
    this.management = management;
    this.main = main;
  }

  void note(@Observes StartupEvent start) {
    if (range.isEmpty()) {
      return;
    }
    var file = Path.of(System.getProperty("java.io.tmpdir"), "portcullis-ports");
    try {
      Files.writeString(file, "management=%d%nmain=%d%n".formatted(management, main));
    } catch (IOException e) {
      throw new UncheckedIOException("the ports cannot be noted in " + file, e);
    }
  }
}
