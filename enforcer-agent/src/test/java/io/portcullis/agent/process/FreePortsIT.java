package io.portcullis.agent.process;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.nft.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Packaged services that share a node's network, and the probe of their images. */
class FreePortsIT {
  private static final Path PROBE = Path.of("..", "deploy", "images", "probe");

  @RegisterExtension static final AgentStages STAGES = new AgentStages();

  @TempDir private Path first;
  @TempDir private Path second;

  private static Map<String, String> settings(Path temporary) {
    return Map.of(
        "PORTCULLIS_PORTS", "9001-9009", "JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary);
  }

  private static boolean isWell(TestNamespace namespace, Path temporary, String check) {
    return namespace
            .run("", "env", "TMPDIR=" + temporary, PROBE.toAbsolutePath().toString(), check)
            .code()
        == 0;
  }

  private static int management(Path temporary) throws IOException {
    var ports = new Properties();
    try (var lines = Files.newBufferedReader(temporary.resolve("portcullis-ports"))) {
      ports.load(lines);
    }
    var management = Integer.parseInt(ports.getProperty("management"));
    assertThat(ports.getProperty("main")).isEqualTo(Integer.toString(management - 920));
    return management;
  }

  @Test
  void twoOfThemHaveDifferentPortsAndAProbeFindsItsOwn() throws Exception {
    STAGES.inside(
        settings(first),
        stage -> {
          stage.writer().write(ColdNode.closed());
          await().until(() -> isWell(stage.namespace(), first, "ready"));
          try (var other =
              new RunningAgent("other.example", stage.broker().bootstrap(), settings(second))) {
            await().until(() -> isWell(stage.namespace(), second, "live"));
            assertThat(management(first)).isEqualTo(9001);
            assertThat(management(second)).isEqualTo(9002);
            // the first one enforces on this node, so the other one waits
            assertThat(isWell(stage.namespace(), second, "ready")).isFalse();
            assertThat(isWell(stage.namespace(), first, "ready")).isTrue();
            assertThat(other.isAlive()).isTrue();
          }
        });
  }
}
