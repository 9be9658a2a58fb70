package io.portcullis.bench.scale;

import io.portcullis.json.Json;
import io.portcullis.ruleset.Marker;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads the markers of all nodes as agents do, and keeps when each came. */
final class Readers implements AutoCloseable {
  private static final int THREADS = 2;

  private final Map<String, Node> nodes = new ConcurrentHashMap<>();
  private final AtomicLong disorder = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /** What came of one node: when each position of the cluster topic was first compiled. */
  private static final class Node {
    private final TreeMap<Long, Long> nanosByPosition = new TreeMap<>();
    private Marker last;

    /** Returns whether its number is as it must be. */
    synchronized boolean take(Marker marker, long nanos) {
      var ordered = last == null || marker.number() > last.number();
      last = marker;
      nanosByPosition.putIfAbsent(marker.clusterPosition(), nanos);
      return ordered;
    }

    synchronized OptionalLong nanosAfter(long offset) {
      var entry = nanosByPosition.higherEntry(offset);
      return entry == null ? OptionalLong.empty() : OptionalLong.of(entry.getValue());
    }

    synchronized Marker last() {
      return last;
    }
  }

  Readers(String bootstrap, List<String> names) {
    names.forEach(name -> nodes.put(name, new Node()));
    for (var thread = 0; thread < THREADS; thread++) {
      var mine = new HashMap<TopicPartition, String>();
      for (var i = thread; i < names.size(); i += THREADS) {
        mine.put(new TopicPartition(Topics.node(names.get(i)).name(), 0), names.get(i));
      }
      threads.add(Thread.ofPlatform().daemon().start(() -> read(bootstrap, mine)));
    }
  }

  static Map<String, Object> settings(String bootstrap) {
    return Map.of(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
        bootstrap,
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
        StringDeserializer.class.getName(),
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
        ByteArrayDeserializer.class.getName(),
        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        "read_committed",
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
        false,
        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
        false,
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "earliest",
        ConsumerConfig.METADATA_MAX_AGE_CONFIG,
        2_000,
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        10_000);
  }

  private void read(String bootstrap, Map<TopicPartition, String> mine) {
    try (var consumer = new KafkaConsumer<String, byte[]>(settings(bootstrap))) {
      consumer.assign(mine.keySet());
      while (!closed) {
        for (var item : consumer.poll(Duration.ofMillis(100))) {
          if (item.key().equals(Marker.KEY)) {
            var name = mine.get(new TopicPartition(item.topic(), item.partition()));
            var marker = Json.read(item.value(), Marker.class);
            if (!nodes.get(name).take(marker, System.nanoTime())) {
              disorder.incrementAndGet();
            }
          }
        }
      }
    }
  }

  /** When a node's first version came that knows what stands at that offset. */
  OptionalLong nanosAfter(String node, long offset) {
    return nodes.get(node).nanosAfter(offset);
  }

  /** How many nodes have a version. */
  long versioned() {
    return nodes.values().stream().filter(node -> node.last() != null).count();
  }

  Marker last(String node) {
    return nodes.get(node).last();
  }

  /** Versions whose number was not greater than that of the one before. */
  long disorder() {
    return disorder.get();
  }

  @Override
  public void close() {
    closed = true;
    try {
      for (var thread : threads) {
        thread.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
