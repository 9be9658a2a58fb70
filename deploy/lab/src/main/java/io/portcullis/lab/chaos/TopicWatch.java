package io.portcullis.lab.chaos;

import io.portcullis.json.Json;
import io.portcullis.ruleset.Marker;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads the markers of nodes' topics as they are committed, before compaction takes those that are
 * superseded.
 */
public final class TopicWatch implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Map<String, List<Marker>> markers = new ConcurrentHashMap<>();
  private final String bootstrap;
  private final List<TopicPartition> partitions;
  private final Thread thread;
  private volatile Optional<String> trouble = Optional.empty();
  private volatile boolean closed;

  /** Reads from the beginning; the topics must be there. */
  public TopicWatch(String bootstrap, Collection<String> nodes) {
    this.bootstrap = bootstrap;
    this.partitions =
        nodes.stream().map(node -> new TopicPartition(Topics.node(node).name(), 0)).toList();
    partitions.forEach(partition -> markers.put(partition.topic(), new CopyOnWriteArrayList<>()));
    this.thread = Thread.ofPlatform().name("topic-watch").daemon().start(this::run);
  }

  private void run() {
    try (var consumer =
        new KafkaConsumer<String, byte[]>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class.getName(),
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class.getName(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false))) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!closed) {
        for (var item : consumer.poll(POLL)) {
          if (item.key().equals(Marker.KEY)) {
            markers.get(item.topic()).add(Json.read(item.value(), Marker.class));
          }
        }
      }
    } catch (KafkaException | IllegalArgumentException e) {
      trouble = Optional.of("the topics of nodes could not be read: " + e);
    }
  }

  /** The markers of a node's topic that were read, in the order of the log. */
  public List<Marker> markers(String node) {
    return List.copyOf(markers.get(Topics.node(node).name()));
  }

  /** Why not all were read. */
  public Optional<String> trouble() {
    return trouble;
  }

  /** How many versions were read. */
  public int count() {
    return markers.values().stream().mapToInt(List::size).sum();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join(POLL.multipliedBy(10));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
