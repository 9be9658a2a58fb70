package io.portcullis.bench.scale;

import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * A process of consumers that restore a node's topic each and then follow it, with the settings of
 * agents. It is a process of its own because each consumer takes four of the files that a process
 * may open. It prints a line when all are restored, and ends with its parent.
 */
final class AgentsProcess {
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private AgentsProcess() {}

  /**
   * Runs the consumers.
   *
   * @param arguments the broker's address, the number of the first node, and the number after the
   *     last node
   */
  public static void main(String[] arguments) throws InterruptedException {
    var settings =
        new HashMap<>(new KafkaSettings(Map.of("bootstrap.servers", arguments[0])).reader());
    settings.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    var nodes = IntStream.range(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
    var names = nodes.mapToObj(ScaleCluster::name).toList();
    var restoring = new CountDownLatch(names.size());
    for (var name : names) {
      Thread.ofVirtual()
          .uncaughtExceptionHandler((_, e) -> end(name, e))
          .start(() -> follow(name, settings, restoring));
    }
    restoring.await();
    System.out.println("restored");
    Thread.sleep(Long.MAX_VALUE);
  }

  private static void end(String name, Throwable e) {
    System.err.println(name + ": " + e);
    Runtime.getRuntime().halt(1);
  }

  private static void follow(String node, Map<String, Object> settings, CountDownLatch restoring) {
    var partitions = List.of(new TopicPartition(Topics.node(node).name(), 0));
    try (var consumer = new KafkaConsumer<String, byte[]>(settings)) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var end = consumer.endOffsets(partitions, LONGEST).get(partitions.getFirst());
      while (consumer.position(partitions.getFirst(), LONGEST) < end) {
        consumer.poll(Duration.ofMillis(500));
      }
      restoring.countDown();
      while (true) {
        consumer.poll(Duration.ofSeconds(10));
      }
    }
  }
}
