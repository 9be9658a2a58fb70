package io.portcullis.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writers are processes of their own, stopped and killed; what readers see is always right. */
class ShardReconcilerTest {
  private static final int SHARDS = 2;
  private static final Duration LONG = Duration.ofSeconds(40);

  private static TestBroker broker;

  private final List<Process> writers = new ArrayList<>();

  @BeforeAll
  static void startBroker() {
    broker = new TestBroker();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void startClean() throws Exception {
    deleteTopics();
  }

  @AfterEach
  void killWriters() {
    writers.forEach(Process::destroyForcibly);
  }

  @ParameterizedTest
  @ValueSource(strings = {"before-init", "after-init", "restoring", "in-transaction"})
  void aWriterThatSleptPastItsSessionChangesNothing(String where) throws Exception {
    var sleeper = start(where);
    await().atMost(LONG).until(() -> stopped(sleeper));
    start("never");
    awaitProgress();
    signal(sleeper, "-CONT");
    awaitProgress();
    awaitProgress();
    assertCounted();
  }

  @Test
  void aWriterThatIsKilledIsReplaced() throws Exception {
    var first = start("never");
    awaitProgress();
    start("never");
    awaitProgress();
    first.destroyForcibly();
    awaitProgress();
    assertCounted();
  }

  @Test
  void shardsThatMoveOrStayWhileOthersComeAndGoAreCountedOn() throws Exception {
    start("never");
    awaitProgress();
    for (var round = 0; round < 3; round++) {
      var guest = start("never");
      awaitProgress();
      signal(guest, "-TERM");
      awaitProgress();
    }
    assertCounted();
  }

  @Test
  void aTopicThatIsDeletedIsMadeAnewAndWritten() throws Exception {
    start("never");
    awaitProgress();
    deleteTopics();
    awaitProgress();
    assertCounted();
  }

  @Test
  void theOwnerGoesOnAfterTheBrokerWasKilledAndAfterItLostAll() throws Exception {
    start("never");
    awaitProgress();
    broker.kill();
    broker.start();
    awaitProgress();
    assertCounted();
    broker.kill();
    broker.wipe();
    broker.start();
    awaitProgress();
    assertCounted();
  }

  private Process start(String stopAt) throws IOException {
    var command =
        TestBroker.java(
            CountingWriter.class.getName(), broker.bootstrap(), Integer.toString(SHARDS), stopAt);
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    writers.add(process);
    return process;
  }

  private static void signal(Process process, String signal) throws Exception {
    assertThat(new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor())
        .isZero();
  }

  private static boolean stopped(Process process) throws IOException {
    var stat = java.nio.file.Path.of("/proc", Long.toString(process.pid()), "stat");
    var text = java.nio.file.Files.readString(stat);
    return text.substring(text.lastIndexOf(')') + 2).startsWith("T");
  }

  /** Both shards are written on from where they stand now. */
  private static void awaitProgress() {
    var from = new HashMap<Integer, Integer>();
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(
            () -> {
              for (var shard = 0; shard < SHARDS; shard++) {
                from.putIfAbsent(shard, committed(shard).size());
              }
              for (var shard = 0; shard < SHARDS; shard++) {
                var now = committed(shard).size();
                if (now < from.get(shard)) {
                  from.put(shard, 0);
                }
                if (now <= from.get(shard) + 20) {
                  return false;
                }
              }
              return true;
            });
  }

  private static void assertCounted() {
    for (var shard = 0; shard < SHARDS; shard++) {
      var counts = committed(shard);
      for (var i = 1; i < counts.size(); i++) {
        assertThat(counts.get(i)).as("shard %d at %d", shard, i).isEqualTo(counts.get(i - 1) + 1);
      }
    }
  }

  /** All that a reader of committed records sees. */
  private static List<Long> committed(int shard) {
    var settings = new KafkaSettings(broker.settings()).reader();
    try (var consumer = new KafkaConsumer<String, byte[]>(settings)) {
      var partition = new TopicPartition(CountingWriter.topic(shard).name(), 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      var end = consumer.endOffsets(List.of(partition)).get(partition);
      var counts = new ArrayList<Long>();
      while (consumer.position(partition) < end) {
        for (var item : consumer.poll(Duration.ofMillis(100))) {
          counts.add(Long.parseLong(new String(item.value(), StandardCharsets.UTF_8)));
        }
      }
      return counts;
    }
  }

  private static void deleteTopics() throws Exception {
    try (var admin = Admin.create(Map.copyOf(broker.settings()))) {
      var present = admin.listTopics().names().get();
      var ours = present.stream().filter(name -> name.startsWith("counting.")).toList();
      admin.deleteTopics(ours).all().get();
    }
  }
}
