package io.portcullis.agent.process;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.cni.CacheFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** C1: the packaged agent after a power cut, where all that it depends on are pods. */
class KnownPodsIT {
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

  private Map<String, String> strict(Path results) {
    return Map.of(
        "PORTCULLIS_GUARD",
        "strict",
        "PORTCULLIS_CNI_RESULTS",
        results.toString(),
        "PORTCULLIS_EXEMPT_NAMESPACES",
        "kube-system,kafka");
  }

  @Test
  void c1_afterAPowerCutUnderStrictDnsAndKafkaReachEachOtherThoughNobodyMakesThemKnown()
      throws Exception {
    var results = Files.createDirectory(folder.resolve("results"));
    var cache = new CacheFolder(results);
    node.afterAVersion(
        strict(results),
        (stage, pods) -> {
          ColdNode.loseAll(stage);
          node.boot("second");
          cache.write("kafka", "of-before-the-boot", ColdNode.CLIENT, "pod1");
          stage.agent().start();
          ColdNode.tableComes(stage, ColdNode.closed());
          pods.areClosed();
          cache.write("kafka", pods.client(), ColdNode.CLIENT, "pod1");
          cache.write("kube-system", pods.server(), ColdNode.SERVER, "pod2");
          await().until(() -> stage.dump().local().known().size() == 2);
          pods.areOpen();
          assertThat(ColdNode.ready(stage)).contains("2 addresses of exempt pods");
          assertThat(stage.agent().metrics()).contains("portcullis_agent_guard_known 2.0");
          cache.writePod(ColdNode.CLIENT_POD, pods.client(), ColdNode.CLIENT);
          cache.writePod(ColdNode.SERVER_POD, pods.server(), ColdNode.SERVER);
          stage.broker().goOn();
          ColdNode.theWatcherIsHeard(stage, pods);
        });
  }

  /** The API server has the old addresses until the kubelet has told the new ones. */
  @Test
  void c3_afterABootAVersionWaitsUntilItsPodsAreWhereTheContainerRuntimeHasThem() throws Exception {
    var results = Files.createDirectory(folder.resolve("results"));
    var cache = new CacheFolder(results);
    var settings =
        Map.of(
            "PORTCULLIS_CNI_RESULTS", results.toString(), "PORTCULLIS_EXEMPT_NAMESPACES", "none");
    node.afterAVersion(
        settings,
        (stage, pods) -> {
          ColdNode.loseAll(stage);
          node.boot("second");
          cache.writePod(ColdNode.SERVER_POD, pods.client(), ColdNode.CLIENT);
          cache.writePod(ColdNode.CLIENT_POD, pods.server(), ColdNode.SERVER);
          stage.agent().start();
          stage.broker().goOn();
          ColdNode.theWatcherIsHeardUntil(
              stage, () -> stage.agent().log().contains("the container runtime has them there"));
          pods.areClosed();
          assertThat(ColdNode.ready(stage)).contains("closed since boot, version");
          cache.writePod(ColdNode.CLIENT_POD, pods.client(), ColdNode.CLIENT);
          cache.writePod(ColdNode.SERVER_POD, pods.server(), ColdNode.SERVER);
          ColdNode.confirmedSoon(stage);
          pods.followThePolicy();
        });
  }

  @Test
  void c1_strictIsNotReadyWhileTheNodeCannotKnowThePodsThatItDependsOn() throws Exception {
    var results = folder.resolve("results");
    STAGES.inside(
        strict(results),
        stage -> {
          stage.writer().write(ColdNode.closed());
          ready(stage, 503, "does not exist");
          Files.createDirectory(results);
          ready(stage, 200, "0 addresses of exempt pods");
        });
  }

  @Test
  void c1_strictWithoutTheCacheNeedsBrokersByAddress() throws Exception {
    STAGES.inside(
        Map.of("PORTCULLIS_GUARD", "strict", "PORTCULLIS_CNI_RESULTS", ""),
        stage -> {
          stage.writer().write(ColdNode.closed());
          ready(stage, 200, "0 addresses of exempt pods");
          var byName = stage.broker().bootstrap().replace("127.0.0.1", "localhost");
          stage.agent().killHard();
          stage.agent().startWith(Map.of("KAFKA_BOOTSTRAP_SERVERS", byName));
          ready(stage, 503, "cannot be looked up");
        });
  }

  private static void ready(AgentStage stage, int status, String text) {
    await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> stage.agent().health("ready"),
            answer -> answer.status() == status && answer.body().contains(text));
  }
}
