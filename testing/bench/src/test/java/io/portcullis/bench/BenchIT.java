package io.portcullis.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.bench.network.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the packaged benchmarks as processes, with real nftables and packets, in their short form.
 */
class BenchIT {
  private static final Path NAMED = Path.of("/run/netns");

  @TempDir private Path folder;

  private record Ended(int status, List<String> figures, String progress, List<String> left) {}

  private Process start(String... arguments) throws IOException {
    return PackagedBench.command(arguments).redirectError(progress().toFile()).start();
  }

  private Path progress() {
    return folder.resolve("progress");
  }

  private Ended run(String... arguments) throws Exception {
    var process = start(arguments);
    var figures = process.inputReader().lines().toList();
    return new Ended(
        process.waitFor(), figures, Files.readString(progress()), namespaces(process.pid()));
  }

  private static List<String> namespaces(long pid) throws IOException {
    try (var names = Files.list(NAMED)) {
      return names
          .map(name -> name.getFileName().toString())
          .filter(name -> name.startsWith(Namespace.prefix(pid)))
          .toList();
    }
  }

  private static void assertWell(Ended ended) {
    assertThat(ended.status()).as(ended.progress()).isZero();
    assertThat(ended.left()).isEmpty();
    assertThat(ended.figures())
        .isNotEmpty()
        .allMatch(line -> line.matches("[a-z0-9._]+ [0-9.]+ [A-Za-z/]+"));
  }

  @Test
  void theAgentsWayFromRecordsToTheKernelIsMeasured() throws Exception {
    var ended = run("agent", "--short");
    assertWell(ended);
    assertThat(ended.figures())
        .anyMatch(line -> line.startsWith("agent.add.1000.p50 "))
        .anyMatch(line -> line.startsWith("agent.memory.1000.loaded "));
  }

  @Test
  void theCompilersCoreIsMeasuredOnAClusterFromASeed() throws Exception {
    var ended = run("compile", "--short");
    assertWell(ended);
    assertThat(ended.figures())
        .anyMatch(line -> line.startsWith("compile.hundredth.cold "))
        .anyMatch(line -> line.startsWith("compile.hundredth.narrow.p99 "))
        .anyMatch(line -> line.startsWith("compile.hundredth.wide.span.p50 "))
        .anyMatch(line -> line.startsWith("compile.hundredth.explain.lock.cpu.p99 "));
  }

  @Test
  void questionsAboutAllFlowsAreMeasuredOnAClusterFromASeed() throws Exception {
    var ended = run("reach", "--short");
    assertWell(ended);
    assertThat(ended.figures())
        .anyMatch(line -> line.startsWith("reach.hundredth.classes "))
        .anyMatch(line -> line.startsWith("reach.hundredth.to_one_pod.p50 "))
        .anyMatch(line -> line.startsWith("reach.hundredth.preview.p50 "));
  }

  @Test
  void packetsDoWhatAPreviewSays() throws Exception {
    var ended = run("preview", "--changes", "2", "--seed", "7");
    assertThat(ended.status()).as(ended.progress()).isZero();
    assertThat(ended.left()).isEmpty();
    assertThat(ended.figures())
        .singleElement()
        .asString()
        .matches("CHANGES 2 PROBES [0-9]+ OPENED [0-9]+ CLOSED [0-9]+ MISMATCHES 0");
  }

  @Test
  void theHotPathsOfTheCoreAreMeasuredOneByOne() throws Exception {
    var ended = run("core", "--short");
    assertWell(ended);
    assertThat(ended.figures())
        .anyMatch(line -> line.startsWith("core.pod.hundredth "))
        .anyMatch(line -> line.startsWith("core.podtonode.hundredth "))
        .anyMatch(line -> line.startsWith("core.member.hundredth "));
  }

  @Test
  void noPacketMeetsAMixAndNewFlowsPass() throws Exception {
    var ended = run("dataplane", "--short");
    assertWell(ended);
    assertThat(ended.figures())
        .contains("dataplane.leaks.two_directions.steps.v4 0 packets")
        .contains("dataplane.leaks.chains.restart.v6 0 packets")
        .anyMatch(line -> line.startsWith("dataplane.flows.made.v6.policies_5000 "));
  }

  @Test
  void noPacketOfAForbiddenConnectionPasses() throws Exception {
    var ended = run("connections", "--entries", "2400", "--denied", "400", "--rounds", "1");
    assertWell(ended);
    assertThat(ended.figures())
        .contains("connections.members.leaked 0 packets", "connections.chains.leaked 0 packets")
        .anyMatch(line -> line.startsWith("connections.chains.cpu "));
  }

  @Test
  void whatALabAtRestCostsIsMeasured() throws Exception {
    var ended = run("idle", "--short");
    assertWell(ended);
    assertThat(ended.figures())
        .anyMatch(line -> line.startsWith("idle.agent_node_1.share "))
        .anyMatch(line -> line.startsWith("idle.compiler_0.cpu "))
        .anyMatch(line -> line.startsWith("idle.kafka.cpu "));
  }

  @Test
  void publishingThroughASlowBrokerIsMeasured() throws Exception {
    var ended = run("overload", "--short");
    assertWell(ended);
    assertThat(ended.figures())
        .contains("overload.lost 0 nodes", "overload.out_of_order 0 versions")
        .anyMatch(line -> line.startsWith("overload.slowed.to.plain.p99 "))
        .anyMatch(line -> line.startsWith("overload.high.normal_after "));
  }

  @Test
  void whoStopsItFindsNothingLeft() throws Exception {
    var process = start("dataplane");
    while (Files.size(progress()) == 0 && process.isAlive()) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(namespaces(process.pid())).as(Files.readString(progress())).hasSize(3);
    process.destroy();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(namespaces(process.pid())).isEmpty();
  }
}
