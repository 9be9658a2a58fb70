package io.portcullis.bench.scale;

import io.portcullis.history.Commit;
import io.portcullis.json.Json;
import io.portcullis.lab.observe.Onlooker;
import io.portcullis.ruleset.Marker;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What came of all nodes, and when. Some nodes' topics are followed as agents do it, each by a
 * consumer of its own; of the others the log of versions tells, which is written in the same
 * transactions: a consumer of very many topics asks for all of them whenever one has something, and
 * would cost the broker more than the agents that it stands for.
 */
final class Readers implements AutoCloseable {
  private final Map<String, Node> nodes = new ConcurrentHashMap<>();

  /** Any wide set: which position of the cluster topic one was compiled from. */
  private final Node wide = new Node(true);

  private final AtomicLong disorder = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /** What came of one node: when each position of the cluster topic was first compiled. */
  private static final class Node {
    private final TreeMap<Long, Long> nanosByPosition = new TreeMap<>();
    private final boolean followed;
    private Marker last;

    private Node(boolean followed) {
      this.followed = followed;
    }

    synchronized void read(Marker marker, long nanos) {
      nanosByPosition.putIfAbsent(marker.clusterPosition(), nanos);
    }

    /**
     * Takes a commit's marker; that of the present version may come again, as a snapshot.
     *
     * @return whether its number is as it must be
     */
    synchronized boolean committed(Marker marker, long nanos) {
      var ordered = last == null || marker.number() > last.number() || marker.equals(last);
      last = marker;
      if (!followed) {
        read(marker, nanos);
      }
      return ordered;
    }

    synchronized OptionalLong nanosAfter(long offset) {
      var entry = nanosByPosition.higherEntry(offset);
      return entry == null ? OptionalLong.empty() : OptionalLong.of(entry.getValue());
    }

    synchronized boolean isVersioned() {
      return last != null && !nanosByPosition.isEmpty();
    }

    synchronized Marker last() {
      return last;
    }
  }

  /**
   * @param followed those whose own topics are read
   */
  Readers(String bootstrap, List<String> names, Set<String> followed) {
    names.forEach(name -> nodes.put(name, new Node(followed.contains(name))));
    var history =
        IntStream.range(0, Topics.SHARDS)
            .mapToObj(shard -> new TopicPartition(Topics.HISTORY, shard))
            .toList();
    var sets =
        IntStream.range(0, Topics.SHARDS)
            .mapToObj(shard -> new TopicPartition(Topics.sets().name(), shard))
            .toList();
    threads.add(Thread.ofPlatform().daemon().start(() -> follow(bootstrap, history, this::commit)));
    threads.add(Thread.ofPlatform().daemon().start(() -> follow(bootstrap, sets, this::set)));
    followed.forEach(
        name -> {
          var topic = List.of(new TopicPartition(Topics.node(name).name(), 0));
          var node = nodes.get(name);
          threads.add(
              Thread.ofVirtual().start(() -> follow(bootstrap, topic, item -> marker(node, item))));
        });
  }

  private void follow(
      String bootstrap,
      List<TopicPartition> partitions,
      Consumer<ConsumerRecord<String, byte[]>> taken) {
    try (var consumer = Onlooker.at(bootstrap, partitions)) {
      while (!closed) {
        consumer.poll(Duration.ofMillis(500)).forEach(taken);
      }
    }
  }

  private void marker(Node node, ConsumerRecord<String, byte[]> item) {
    if (item.key().equals(Marker.KEY)) {
      node.read(Json.read(item.value(), Marker.class), System.nanoTime());
    }
  }

  private void commit(ConsumerRecord<String, byte[]> item) {
    var commit = Json.read(item.value(), Commit.class);
    var node = nodes.get(item.key());
    if (node != null && commit.part() == 1 && !node.committed(commit.marker(), System.nanoTime())) {
      disorder.incrementAndGet();
    }
  }

  private void set(ConsumerRecord<String, byte[]> item) {
    if (item.value() != null && item.key().startsWith(Marker.KEY)) {
      wide.read(Json.read(item.value(), Marker.class), System.nanoTime());
    }
  }

  /** When the first version of a wide set came that knows what stands at that offset. */
  OptionalLong wideNanosAfter(long offset) {
    return wide.nanosAfter(offset);
  }

  /** When a node's first version came that knows what stands at that offset. */
  OptionalLong nanosAfter(String node, long offset) {
    return nodes.get(node).nanosAfter(offset);
  }

  /** How many nodes have a version. */
  long versioned() {
    return nodes.values().stream().filter(Node::isVersioned).count();
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
