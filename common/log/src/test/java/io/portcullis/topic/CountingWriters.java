package io.portcullis.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Processes of {@link CountingWriter} that share out the same shards. Each instance has a group and
 * topics of its own, so that nobody waits for members of an earlier one.
 */
final class CountingWriters implements AutoCloseable {
  private static final int SHARDS = 2;
  private static final AtomicInteger GROUPS = new AtomicInteger();

  /** Offsets; a transaction takes two. */
  private static final int PROGRESS = 40;

  private final String group = "counting-" + GROUPS.incrementAndGet();
  private final TestBroker broker;
  private final List<Process> writers = new ArrayList<>();

  CountingWriters(TestBroker broker) {
    this.broker = broker;
  }

  /**
   * Starts one.
   *
   * @param stopAt where it stops itself once, or {@code never}
   */
  Process start(String stopAt) throws IOException {
    var command =
        TestBroker.java(
            CountingWriter.class.getName(),
            broker.bootstrap(),
            group,
            Integer.toString(SHARDS),
            stopAt);
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    writers.add(process);
    return process;
  }

  static void signal(Process process, String signal) throws Exception {
    assertThat(new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor())
        .isZero();
  }

  static void awaitStopped(Process process) {
    var stat = Path.of("/proc", Long.toString(process.pid()), "stat");
    Patience.await("the writer stops itself")
        .until(
            () -> {
              var text = Files.readString(stat);
              return text.substring(text.lastIndexOf(')') + 2).startsWith("T");
            });
  }

  /** All shards are written on from where they stand now. */
  void awaitProgress() {
    var partitions =
        IntStream.range(0, SHARDS)
            .mapToObj(shard -> new TopicPartition(CountingWriter.topic(group, shard).name(), 0))
            .toList();
    var from = new HashMap<TopicPartition, Long>();
    try (var consumer = new KafkaConsumer<String, byte[]>(settings().reader())) {
      Patience.await("all shards are written on")
          .ignoreExceptions()
          .until(
              () -> {
                var ends = consumer.endOffsets(partitions);
                ends.forEach((partition, end) -> from.merge(partition, end, Math::min));
                return ends.entrySet().stream()
                    .allMatch(end -> end.getValue() > from.get(end.getKey()) + PROGRESS);
              });
    }
  }

  /** No number is missing, and none comes twice. */
  void assertCounted() {
    for (var shard = 0; shard < SHARDS; shard++) {
      var counts = committed(shard);
      for (var i = 1; i < counts.size(); i++) {
        assertThat(counts.get(i)).as("shard %d at %d", shard, i).isEqualTo(counts.get(i - 1) + 1);
      }
    }
  }

  /** All that a reader of committed records sees. */
  private List<Long> committed(int shard) {
    try (var consumer = new KafkaConsumer<String, byte[]>(settings().reader())) {
      var partition = new TopicPartition(CountingWriter.topic(group, shard).name(), 0);
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

  private KafkaSettings settings() {
    return broker.patient();
  }

  /** The topics that are written, and the one that is shared out. */
  void deleteTopics() {
    broker.deleteTopics(group + ".");
  }

  @Override
  public void close() {
    writers.forEach(Process::destroyForcibly);
  }
}
