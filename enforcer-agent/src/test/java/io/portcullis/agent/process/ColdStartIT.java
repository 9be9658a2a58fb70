package io.portcullis.agent.process;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An agent that starts on a node without a table while the broker hangs. */
class ColdStartIT {
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

  @Test
  void afterAFlushTheWholeVersionIsEnforcedThoughTheBrokerHangs() throws Exception {
    node.afterAVersion(
        (stage, pods) -> {
          ColdNode.loseAll(stage);
          stage.agent().start();
          ColdNode.tableComes(stage, ColdNode.rules());
          pods.followThePolicy();
          assertThat(ColdNode.ready(stage)).contains("from the node's disk, not yet confirmed");
          stage.broker().goOn();
          ColdNode.confirmedSoon(stage);
          pods.followThePolicy();
        });
  }

  @Test
  void c3_anEndpointWhosePodIsGoneIsLeftOut() throws Exception {
    node.afterAVersion(
        (stage, pods) -> {
          ColdNode.loseAll(stage);
          STAGES.namespace().run("", "ip", "route", "del", ColdNode.SERVER + "/32").orThrow();
          stage.agent().start();
          var others =
              ColdNode.rules().records().values().stream().filter(item -> !isServer(item)).toList();
          ColdNode.tableComes(stage, RuleSet.of(others));
        });
  }

  private static boolean isServer(NodeRecord item) {
    return item instanceof Endpoint endpoint
        && endpoint.ip().equals(IpAddress.parse(ColdNode.SERVER));
  }

  @Test
  void c1_afterABootEveryPodIsClosedUntilTheWatcherIsHeard() throws Exception {
    node.afterAVersion(
        (stage, pods) -> {
          ColdNode.loseAll(stage);
          node.boot("second");
          stage.agent().start();
          ColdNode.tableComes(stage, ColdNode.closed());
          pods.areClosed();
          assertThat(ColdNode.ready(stage)).contains("closed since boot, version");
          assertThat(stage.agent().isReady()).isFalse();
          stage.broker().goOn();
          ColdNode.heldBackUntilTheWatcherIsHeard(stage, pods);
        });
  }

  @Test
  void c1_neitherAFlushNorARestartProlongsTheLeaseAfterABoot() throws Exception {
    node.afterAVersion(
        (stage, pods) -> {
          ColdNode.loseAll(stage);
          node.boot("second");
          stage.agent().start();
          ColdNode.tableComes(stage, ColdNode.closed());
          var first = ColdNode.left(stage);
          await().until(() -> ColdNode.left(stage).compareTo(first.minusSeconds(3)) <= 0);
          await().until(() -> Files.readString(ColdNode.lease(stage)).startsWith("second"));
          ColdNode.loseAll(stage);
          stage.agent().start();
          ColdNode.tableComes(stage, ColdNode.closed());
          assertThat(ColdNode.left(stage)).isLessThan(first.minusSeconds(1));
          pods.areClosed();
        });
  }

  @Test
  void aDamagedFileIsToldAndIgnored() throws Exception {
    node.afterAVersion(
        (stage, pods) -> {
          ColdNode.loseAll(stage);
          var text = Files.readString(ColdNode.saved(stage));
          Files.writeString(ColdNode.saved(stage), text.replace(ColdNode.SERVER, "10.244.0.7"));
          stage.agent().start();
          await().until(() -> stage.agent().log().contains("saved version is ignored"));
          stage.broker().goOn();
          ColdNode.tableComes(stage, ColdNode.rules());
          pods.followThePolicy();
        });
  }

  @Test
  void theFilesAreTheirOwnersAlone() throws Exception {
    node.afterAVersion(
        (stage, _) -> {
          var state = stage.agent().state();
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
              .isEqualTo("rwx------");
          await().until(() -> Files.exists(state.resolve("boot.nft")));
          try (var files = Files.list(state)) {
            for (var file : files.toList()) {
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .as(file.toString())
                  .isEqualTo("rw-------");
            }
          }
        });
  }
}
