package io.portcullis.lab.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portcullis.Patience;
import io.portcullis.lab.state.FileTree;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests which faults a running lab survives. What is enforced is read from the kernel, not from the
 * agent.
 */
class LabFaultsIT {
  private static final String NODE = "node-2";

  @TempDir private static Path folder;
  private static RunningLab lab;
  private static int port = 30_000;

  @BeforeAll
  static void start() throws Exception {
    Awaitility.setDefaultTimeout(Patience.LIMIT);
    Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
    lab = RunningLab.start(folder);
  }

  @AfterAll
  static void end() {
    Awaitility.reset();
    if (lab != null) {
      lab.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kafka", "watcher-0", "compiler-0", "agent-node-2"})
  void aProcessThatIsKilledTakesNoRuleAndANewPolicyIsEnforcedAfterwards(String program)
      throws Exception {
    newPolicyIsEnforced();
    var enforced = lab.kernel(NODE);
    var killed = lab.pid(program);
    try (var _ = new Unchanged(enforced)) {
      kill(killed);
      await().until(() -> lab.pid(program) != 0 && lab.pid(program) != killed);
    }
    newPolicyIsEnforced();
  }

  @Test
  void aBrokerThatLostItsDataTakesNoRule() throws Exception {
    newPolicyIsEnforced();
    var version = version();
    try (var _ = new Unchanged(lab.kernel(NODE))) {
      var pids = List.of(lab.pid("kafka"), lab.pid("watcher-0"));
      kill(lab.pid("watcher-0")); // so that the compiler starts first
      kill(lab.pid("kafka"));
      FileTree.delete(lab.state().resolve("kafka").resolve("data"));
      await()
          .until(
              () ->
                  lab.pid("kafka") != 0
                      && !pids.contains(lab.pid("kafka"))
                      && !pids.contains(lab.pid("watcher-0")));
      await().ignoreExceptions().until(() -> version() > version);
    }
    newPolicyIsEnforced();
  }

  @Test
  void aTableThatIsDeletedByHandIsBackAndTheScreenTells() throws Exception {
    newPolicyIsEnforced();
    var enforced = lab.kernel(NODE);
    assertThat(lab.nft(NODE, "delete", "table", "inet", "portcullis")).isPresent();
    await().untilAsserted(() -> assertThat(lab.kernel(NODE)).isEqualTo(enforced));
    await()
        .until(() -> lab.screen(), s -> s.contains(NODE + ": table changed by another program at"));
    assertThat(lab.screen())
        .containsPattern("table changed by another program at [0-9:.]+, repaired after");
    newPolicyIsEnforced();
    assertThat(lab.digest(NODE, "/rules/kernel")).isEqualTo(lab.digest(NODE, "/rules"));
  }

  @Test
  void aFileThatIsBrokenLeavesItsLastGoodFormInForce() throws Exception {
    newPolicyIsEnforced();
    var enforced = lab.kernel(NODE);
    lab.save("policy.yaml", "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n  spec: [\n");
    await()
        .until(
            () -> lab.get(lab.json().path("watcher").asText() + "/problems").toString(),
            problems -> problems.contains("policy.yaml"));
    assertThat(lab.kernel(NODE)).isEqualTo(enforced);
    newPolicyIsEnforced();
    await()
        .until(
            () -> lab.get(lab.json().path("watcher").asText() + "/problems").toString(),
            problems -> !problems.contains("policy.yaml"));
  }

  @Test
  void aPodThatComesAndGoesDoesSoInTheLab() throws Exception {
    lab.save(
        "pod.yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: late, namespace: shop, labels: {role: db}}
        spec: {nodeName: node-2}
        """);
    await().until(() -> lab.json().path("pods").has("shop/late"));
    var address = lab.json().path("pods").path("shop/late").path("ips").path(0).asText();
    await().until(() -> lab.kernel(NODE).orElseThrow().toString().contains(address));
    Files.delete(folder.resolve("manifests").resolve("pod.yaml"));
    await().until(() -> !lab.json().path("pods").has("shop/late"));
    await().until(() -> !lab.kernel(NODE).orElseThrow().toString().contains(address));
  }

  private static void newPolicyIsEnforced() throws IOException {
    port++;
    lab.save(
        "policy.yaml",
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: test, namespace: shop}
        spec:
          podSelector: {matchLabels: {role: db}}
          ingress: [{ports: [{port: %d}]}]
        """
            .formatted(port));
    await()
        .until(
            () ->
                lab.nft(NODE, "list", "table", "inet", NftRenderer.TABLE)
                    .filter(rules -> rules.contains("dport " + port))
                    .isPresent());
    await() // objects that nothing refers to are removed afterwards
        .ignoreExceptions()
        .until(() -> lab.digest(NODE, "/rules/kernel").equals(lab.digest(NODE, "/rules")));
  }

  private static long version() throws Exception {
    return lab.get(lab.json().path("nodes").path(NODE).path("agent").asText() + "/rules/kernel")
        .path("stamp")
        .path("version")
        .asLong();
  }

  private static void kill(long pid) {
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
  }

  /** Reads the kernel again and again while it is open, and fails if the rules ever differ. */
  private static final class Unchanged implements AutoCloseable {
    private final AtomicBoolean done = new AtomicBoolean();
    private final CompletableFuture<Integer> looks;

    Unchanged(Optional<RuleSet> rules) {
      assertThat(rules).isPresent();
      looks =
          CompletableFuture.supplyAsync(
              () -> {
                var count = 0;
                while (!done.get()) {
                  try {
                    assertThat(lab.kernel(NODE)).isEqualTo(rules);
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                  count++;
                }
                return count;
              });
    }

    @Override
    public void close() {
      done.set(true);
      assertThat(looks.join()).isPositive();
    }
  }
}
