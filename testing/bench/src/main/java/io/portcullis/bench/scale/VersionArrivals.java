package io.portcullis.bench.scale;

import io.portcullis.history.Commit;
import io.portcullis.json.Json;
import io.portcullis.lab.observe.CommittedConsumer;
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
 * Records when versions of all nodes arrived. The topics of some nodes are followed as agents do,
 * each by a consumer of its own. For the others it reads the log of versions, which is written in
 * the same transactions: a consumer of very many topics requests all of them whenever one has data,
 * and would cost the broker more than the agents that it stands for.
 */
final class VersionArrivals implements AutoCloseable {
  private final Map<String, Node> nodes = new ConcurrentHashMap<>();

  /**
   * The arrivals for any wide set: the positions of the cluster topic that versions were compiled
   * from.
   */
  private final Node wide = new Node(true);

  private final AtomicLong disorder = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /** The arrivals for one node: when each position of the cluster topic was first compiled. */
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
     * Records a commit's marker. The present version's marker may arrive again, as a snapshot.
     *
     * @param marker the marker
     * @param nanos when it arrived
     * @return whether its number is in order
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
   * Starts the readers.
   *
   * @param bootstrap the address of the broker
   * @param names the names of all nodes
   * @param followed the nodes whose own topics are read
   */
  VersionArrivals(String bootstrap, List<String> names, Set<String> followed) {
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
    try (var consumer = CommittedConsumer.open(bootstrap, partitions)) {
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

  /**
   * Returns when the first version of a wide set arrived that includes the record at that offset.
   */
  OptionalLong wideNanosAfter(long offset) {
    return wide.nanosAfter(offset);
  }

  /** Returns when a node's first version arrived that includes the record at that offset. */
  OptionalLong nanosAfter(String node, long offset) {
    return nodes.get(node).nanosAfter(offset);
  }

  /** Returns how many nodes have a version. */
  long versioned() {
    return nodes.values().stream().filter(Node::isVersioned).count();
  }

  Marker last(String node) {
    return nodes.get(node).last();
  }

  /** Returns how many versions had a number that was not greater than the previous one. */
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
