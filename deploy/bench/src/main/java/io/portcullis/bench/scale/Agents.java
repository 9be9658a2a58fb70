package io.portcullis.bench.scale;

import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Consumers that restore a node's topic each, as agents do that start at the same time. */
final class Agents implements AutoCloseable {
  private final String bootstrap;
  private final List<String> nodes;
  private final CountDownLatch restoring;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  Agents(String bootstrap, List<String> nodes) {
    this.bootstrap = bootstrap;
    this.nodes = nodes;
    this.restoring = new CountDownLatch(nodes.size());
  }

  void start() {
    var settings = new HashMap<>(Readers.settings(bootstrap));
    settings.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    nodes.forEach(node -> threads.add(Thread.ofVirtual().start(() -> follow(node, settings))));
  }

  private void follow(String node, Map<String, Object> settings) {
    var partition = new TopicPartition(Topics.node(node).name(), 0);
    try (var consumer = new KafkaConsumer<String, byte[]>(settings)) {
      consumer.assign(List.of(partition));
      var end = consumer.endOffsets(List.of(partition), Duration.ofMinutes(2)).get(partition);
      while (consumer.position(partition, Duration.ofMinutes(2)) < end) {
        consumer.poll(Duration.ofMillis(500));
      }
      restoring.countDown();
      while (!closed) {
        consumer.poll(Duration.ofSeconds(1));
      }
    }
  }

  /** Whether each has read its topic to the end. */
  boolean restored() {
    return restoring.getCount() == 0;
  }

  @Override
  public void close() {
    closed = true;
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
