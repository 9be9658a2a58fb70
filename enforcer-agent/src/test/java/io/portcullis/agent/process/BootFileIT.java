package io.portcullis.agent.process;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.nft.GuardLease;
import io.portcullis.nft.NftRenderer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The unit of the host that closes a node's pods at boot, before the agent is there. */
class BootFileIT {
  private static final Path UNIT = Path.of("..", "deploy", "host", "portcullis-boot.service");
  private static final String START = "ExecStart=";
  private static final String STATE = "/var/lib/portcullis";

  @RegisterExtension static final AgentStages STAGES = new AgentStages();

  @TempDir private Path folder;
  private ColdNode node;

  @BeforeEach
  void prepare() {
    node = new ColdNode(STAGES, folder);
  }

  @AfterEach
  void goOn() {
    STAGES.broker().goOn();
  }

  /** Runs what the unit runs, in the node's network namespace. */
  private static boolean bootUnitSucceeds(AgentStage stage) throws IOException {
    var state = stage.agent().state().toString();
    var command =
        Files.readAllLines(UNIT).stream()
            .filter(line -> line.startsWith(START))
            .map(line -> line.substring(START.length()).replace(STATE, state))
            .findFirst()
            .orElseThrow();
    return stage.namespace().run("", command.split(" ")).code() == 0;
  }

  private static Path file(AgentStage stage) {
    var file = stage.agent().state().resolve("boot.nft");
    await().until(() -> Files.exists(file));
    return file;
  }

  private void afterABoot(ColdNode.Story story) throws Exception {
    node.afterAVersion(
        (stage, pods) -> {
          file(stage);
          ColdNode.loseAll(stage);
          node.boot("second");
          story.tell(stage, pods);
        });
  }

  @Test
  void c1_theUnitClosesPodsAndTheAgentTakesItsLeaseOver() throws Exception {
    afterABoot(
        (stage, pods) -> {
          assertThat(bootUnitSucceeds(stage)).isTrue();
          assertThat(stage.dump().digest()).isEqualTo(ColdNode.closed().digest());
          assertThat(stage.dump().unexpected()).isEmpty();
          pods.areClosed();
          var first = ColdNode.left(stage);
          await().until(() -> ColdNode.left(stage).compareTo(first.minusSeconds(3)) <= 0);
          stage.agent().start();
          assertThat(ColdNode.ready(stage)).contains("closed since boot, version");
          assertThat(ColdNode.left(stage)).isLessThanOrEqualTo(first.minusSeconds(3));
          pods.areClosed();
          stage.broker().goOn();
          ColdNode.heldBackUntilTheWatcherIsHeard(stage, pods);
        });
  }

  @Test
  void c1_aFlushAfterTheUnitIsMadeGoodByTheAgent() throws Exception {
    afterABoot(
        (stage, pods) -> {
          assertThat(bootUnitSucceeds(stage)).isTrue();
          stage.namespace().load("flush ruleset");
          stage.agent().start();
          ColdNode.tableComes(stage, ColdNode.closed());
          pods.areClosed();
        });
  }

  @Test
  void c1_twoBootsWithoutAnAgent() throws Exception {
    afterABoot(
        (stage, pods) -> {
          assertThat(bootUnitSucceeds(stage)).isTrue();
          stage.namespace().load("flush ruleset");
          node.boot("third");
          assertThat(bootUnitSucceeds(stage)).isTrue();
          pods.areClosed();
          stage.agent().start();
          assertThat(ColdNode.ready(stage)).contains("closed since boot, version");
          pods.areClosed();
        });
  }

  @Test
  void aFileOfAnotherLayoutIsReplacedByTheAgent() throws Exception {
    afterABoot(
        (stage, pods) -> {
          var other = new ArrayList<String>();
          for (var line : Files.readAllLines(file(stage))) {
            other.add(line);
            if (line.startsWith("table inet " + NftRenderer.TABLE + " {")) {
              other.addAll(List.of("  chain of_another_layout {", "    drop", "  }"));
            }
          }
          Files.write(file(stage), other);
          assertThat(bootUnitSucceeds(stage)).isTrue();
          var first = ColdNode.left(stage);
          assertThat(stage.dump().unexpected()).isNotEmpty();
          pods.areClosed();
          stage.agent().start();
          ColdNode.tableComes(stage, ColdNode.closed());
          assertThat(stage.dump().unexpected()).isEmpty();
          assertThat(ColdNode.left(stage)).isLessThanOrEqualTo(first);
          pods.areClosed();
        });
  }

  @Test
  void theUnitNeverReplacesATableThatIsThere() throws Exception {
    node.afterAVersion(
        (stage, pods) -> {
          assertThat(stage.namespace().run("", "nft", "-c", "-f", file(stage).toString()).code())
              .isNotZero();
          assertThat(bootUnitSucceeds(stage)).isFalse();
          pods.followThePolicy();
        });
  }

  @Test
  void c1_theGuardsModeIsTheFiles() throws Exception {
    node.afterAVersion(
        Map.of("PORTCULLIS_GUARD", "strict"),
        (stage, pods) -> {
          file(stage);
          ColdNode.loseAll(stage);
          assertThat(stage.namespace().run("", "nft", "-c", "-f", file(stage).toString()).code())
              .isZero();
          assertThat(bootUnitSucceeds(stage)).isTrue();
          assertThat(stage.dump().guard()).isEqualTo(GuardLease.EVER);
          pods.areClosed();
        });
  }
}
