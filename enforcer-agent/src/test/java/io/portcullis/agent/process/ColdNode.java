package io.portcullis.agent.process;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.PodNetwork;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Cidr;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.nft.GuardLease;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** A node whose agent has saved a version, before all of its kernel's tables are lost. */
final class ColdNode {
  static final String CLIENT = "10.244.0.5";
  static final String SERVER = "10.244.0.6";
  static final String CLIENT_POD = "kafka/client";
  static final String SERVER_POD = "kube-system/server";
  private static final int ALLOWED = 5_000;
  private static final int DENIED = 4_711;

  private final AgentStages stages;
  private final Path bootId;

  /**
   * @param folder for the file that stands for the kernel's boot id
   */
  ColdNode(AgentStages stages, Path folder) {
    this.stages = stages;
    this.bootId = folder.resolve("boot-id");
  }

  interface Story {
    void tell(AgentStage stage, Pods pods) throws Exception;
  }

  /** Two pods that a version knows, and flows from the one to the other. */
  record Pods(String client, String server, Flow allowed, Flow denied) {
    private void send() throws Exception {
      InsideNamespace.call(
          client,
          () -> {
            for (var i = 0; i < 10; i++) {
              allowed.sendOne();
              denied.sendOne();
            }
            return null;
          });
      allowed.awaitLast(server);
      denied.awaitLast(server);
    }

    void followThePolicy() throws Exception {
      var before = allowed.came.get();
      var deniedBefore = denied.came.get();
      send();
      await().until(() -> allowed.came.get() == before + 10);
      assertThat(denied.came.get()).isEqualTo(deniedBefore);
    }

    void areOpen() throws Exception {
      var before = allowed.came.get() + denied.came.get();
      send();
      await().until(() -> allowed.came.get() + denied.came.get() == before + 20);
    }

    void areClosed() throws Exception {
      var before = allowed.came.get() + denied.came.get();
      send();
      assertThat(allowed.came.get() + denied.came.get()).isEqualTo(before);
    }
  }

  /** Begins with a version that is in the kernel and on the disk. */
  void afterAVersion(Story story) throws Exception {
    afterAVersion(Map.of(), story);
  }

  /** Begins so with an agent that has these settings too. */
  void afterAVersion(Map<String, String> more, Story story) throws Exception {
    var settings = new HashMap<>(more);
    settings.put("PORTCULLIS_BOOT_ID", bootId.toString());
    boot("first");
    stages.inside(
        settings,
        stage -> {
          try (var network = new PodNetwork(stages.namespace())) {
            var client = network.pod(CLIENT, "fd00:10:244::5").name();
            var server = network.pod(SERVER, "fd00:10:244::6").name();
            stage.enforcedSoon(rules(), stage.writer().write(rules()));
            awaitSaved(stage);
            try (var allowed = new Flow(server, SERVER, ALLOWED);
                var denied = new Flow(server, SERVER, DENIED)) {
              var pods = new Pods(client, server, allowed, denied);
              pods.followThePolicy();
              story.tell(stage, pods);
            }
          }
        });
  }

  private static void awaitSaved(AgentStage stage) throws Exception {
    var number = stage.agent().rules("/rules").path("version").asText();
    await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> Files.readString(saved(stage)).contains(number));
  }

  static Path saved(AgentStage stage) {
    return stage.agent().state().resolve("version");
  }

  /** The next start of the agent is after a boot. */
  void boot(String id) throws IOException {
    Files.writeString(bootId, id + "\n");
  }

  /** Nothing of the node's kernel and of the agent is left, and the broker hangs. */
  static void loseAll(AgentStage stage) {
    stage.broker().hang();
    stage.agent().killHard();
    stage.namespace().load("flush ruleset");
  }

  static void tableComes(AgentStage stage, RuleSet rules) {
    await()
        .ignoreExceptionsInstanceOf(IllegalStateException.class) // as long as there is none
        .until(() -> stage.dump().digest().equals(rules.digest()));
  }

  static String ready(AgentStage stage) throws Exception {
    return await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> stage.agent().health("ready").body(), body -> body.contains("unconfirmed"));
  }

  static void confirmedSoon(AgentStage stage) {
    await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              var answer = stage.agent().health("ready");
              return answer.status() == 200 && !answer.body().contains("unconfirmed");
            });
  }

  /**
   * What the topic has is of before the boot, and is not enforced; when the watcher is heard, it is
   * of now.
   */
  static void heldBackUntilTheWatcherIsHeard(AgentStage stage, Pods pods) throws Exception {
    await().until(() -> stage.agent().log().contains("is held back until the watcher is heard"));
    pods.areClosed();
    assertThat(ready(stage)).contains("closed since boot, version");
    theWatcherIsHeard(stage, pods);
  }

  /** What the topic has is of now. */
  static void theWatcherIsHeard(AgentStage stage, Pods pods) throws Exception {
    theWatcherIsHeardUntil(stage, stage.agent()::isReady);
    confirmedSoon(stage);
    pods.followThePolicy();
  }

  /** One heartbeat comes after another until something holds. */
  static void theWatcherIsHeardUntil(AgentStage stage, Callable<Boolean> holds) throws Exception {
    try (var compiler = new ProgressWriter(stage.broker())) {
      await()
          .ignoreExceptionsInstanceOf(IOException.class)
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                compiler.newBeat();
                return holds.call();
              });
    }
  }

  static Path lease(AgentStage stage) {
    return stage.agent().state().resolve("lease");
  }

  static Duration left(AgentStage stage) {
    return ((GuardLease.For) stage.dump().guard()).left();
  }

  /** The server lets in one port of the client's, and no policy selects the client. */
  static RuleSet rules() {
    var ports = Ports.of(List.of(PortRange.of(Protocol.UDP, ALLOWED)));
    var rule = new Rule(Optional.empty(), ports, Action.ACCEPT, List.of());
    var in = Chain.of(Direction.INGRESS, Family.V4, List.of(rule), Action.DENY);
    var records = new ArrayList<NodeRecord>(closed().records().values());
    records.add(in);
    records.add(endpoint(SERVER_POD, SERVER, Optional.of(in)));
    records.add(endpoint(CLIENT_POD, CLIENT, Optional.empty()));
    return RuleSet.of(records);
  }

  private static Endpoint endpoint(String pod, String ip, Optional<Chain> ingress) {
    return new Endpoint(
        IpAddress.parse(ip), pod, ingress.map(Chain::id), Optional.empty(), Optional.empty());
  }

  static RuleSet closed() {
    return RuleSet.of(List.of(new PodCidr(Cidr.parse("10.244.0.0/24").range())));
  }
}
