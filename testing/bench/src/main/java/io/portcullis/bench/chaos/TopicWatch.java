package io.portcullis.bench.chaos;

import io.portcullis.compiler.versions.Versioned;
import io.portcullis.json.Json;
import io.portcullis.lab.observe.CommittedConsumer;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.SetId;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the markers of nodes and wide sets as they are committed, before compaction removes
 * superseded ones.
 */
public final class TopicWatch implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  /** The markers by topic and key. */
  private final Map<Source, List<Marker>> markers = new ConcurrentHashMap<>();

  private final String bootstrap;
  private final List<TopicPartition> partitions;
  private final Thread thread;
  private volatile Optional<String> trouble = Optional.empty();
  private volatile boolean closed;

  private record Source(String topic, String key) {
    static Source of(Versioned unit) {
      return new Source(unit.topic().name(), unit.markerKey());
    }
  }

  /** Reads from the beginning; the topics must exist. */
  public TopicWatch(String bootstrap, Collection<String> nodes) {
    this.bootstrap = bootstrap;
    this.partitions =
        Stream.concat(
                nodes.stream().map(node -> new TopicPartition(Topics.node(node).name(), 0)),
                IntStream.range(0, Topics.SHARDS)
                    .mapToObj(shard -> new TopicPartition(Topics.sets().name(), shard)))
            .toList();
    this.thread = Thread.ofPlatform().name("topic-watch").daemon().start(this::run);
  }

  private void run() {
    try (var consumer = CommittedConsumer.open(bootstrap, partitions)) {
      while (!closed) {
        for (var item : consumer.poll(POLL)) {
          if (item.key().startsWith(Marker.KEY) && item.value() != null) {
            markers
                .computeIfAbsent(
                    new Source(item.topic(), item.key()), _ -> new CopyOnWriteArrayList<>())
                .add(Json.read(item.value(), Marker.class));
          }
        }
      }
    } catch (KafkaException | IllegalArgumentException e) {
      trouble = Optional.of("the topics of nodes and wide sets could not be read: " + e);
    }
  }

  /** Returns the markers of a node or a wide set that were read, in the order of the log. */
  public List<Marker> markers(Versioned unit) {
    return List.copyOf(markers.getOrDefault(Source.of(unit), List.of()));
  }

  /** Returns all wide sets that ever existed. */
  public Set<SetId> sets() {
    return markers.keySet().stream()
        .filter(source -> source.topic().equals(Topics.sets().name()))
        .map(source -> SetId.parse(source.key().substring(Marker.KEY.length() + 1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns why not all markers were read, if so. */
  public Optional<String> trouble() {
    return trouble;
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
