package io.portcullis.agent.follow;

import io.portcullis.ruleset.SetId;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicFollower.Reading;
import io.portcullis.topic.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads the node's topic, and the partitions of {@code portcullis.sets} that hold the wide sets
 * that the node needs. The loop's thread uses it.
 */
public final class NodeTopics implements AutoCloseable {
  private final KafkaSettings kafka;
  private final Runnable arrived;
  private final PartitionReader node;
  private final Map<Integer, Partition> partitions = new TreeMap<>();
  private Collection<SetId> needed = Set.of();

  /** A partition and the sets that are needed of it. */
  private record Partition(PartitionReader reader, Set<SetId> sets) {}

  /** What was read of one topic. */
  public sealed interface Arrival {
    /** A reading of the node's topic. */
    record OfNode(Reading reading) implements Arrival {}

    /**
     * A reading of a partition of wide sets.
     *
     * @param sets that are needed of it
     */
    record OfSets(int partition, Set<SetId> sets, Reading reading) implements Arrival {}
  }

  /**
   * Reads nothing yet.
   *
   * @param arrived is called by any thread as soon as there is an arrival
   */
  public NodeTopics(KafkaSettings kafka, String nodeTopic, Runnable arrived) {
    this.kafka = kafka;
    this.arrived = arrived;
    this.node = new PartitionReader(kafka, nodeTopic, 0, arrived);
  }

  /**
   * Reads on, in the background.
   *
   * @param sets the wide sets that are needed; the partition of a new one is read from its
   *     beginning
   */
  public void read(Collection<SetId> sets) {
    if (!sets.equals(needed)) {
      needed = sets;
      follow(sets);
    }
    node.read();
    partitions.values().forEach(partition -> partition.reader().read());
  }

  private void follow(Collection<SetId> sets) {
    var byPartition =
        sets.stream()
            .collect(
                Collectors.groupingBy(set -> Topics.shardOf(set.toString()), Collectors.toSet()));
    partitions.entrySet().removeIf(old -> !byPartition.containsKey(old.getKey()) && end(old));
    byPartition.forEach(
        (number, its) -> partitions.compute(number, (_, before) -> next(number, before, its)));
  }

  private static boolean end(Map.Entry<Integer, Partition> old) {
    old.getValue().reader().end();
    return true;
  }

  private Partition next(int number, Partition before, Set<SetId> sets) {
    if (before == null) {
      var reader = new PartitionReader(kafka, Topics.sets().name(), number, arrived);
      return new Partition(reader, sets);
    }
    if (!before.sets().containsAll(sets)) {
      before.reader().restore();
    }
    return new Partition(before.reader(), sets);
  }

  /** Takes what has arrived, at most one reading of each topic. */
  public List<Arrival> arrivals() {
    var arrivals = new ArrayList<Arrival>();
    node.take().map(Arrival.OfNode::new).ifPresent(arrivals::add);
    partitions.forEach(
        (number, partition) ->
            partition
                .reader()
                .take()
                .map(reading -> new Arrival.OfSets(number, partition.sets(), reading))
                .ifPresent(arrivals::add));
    return arrivals;
  }

  /** Makes all of the node's topic arrive next. */
  public void restoreNode() {
    node.restore();
  }

  /** Makes all of that partition of wide sets arrive next. */
  public void restoreSets(int partition) {
    Optional.ofNullable(partitions.get(partition)).ifPresent(p -> p.reader().restore());
  }

  @Override
  public void close() {
    partitions.values().forEach(partition -> partition.reader().end());
    node.close();
  }
}
