package io.portcullis.agent.follow;

import io.portcullis.ruleset.SetId;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicFollower.Reading;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All that an agent reads: its node's topic, and the partitions of {@code portcullis.sets} that
 * hold what the node needs. The loop's thread uses it.
 */
public final class NodeTopics implements AutoCloseable {
  private final KafkaSettings kafka;
  private final PartitionReader node;
  private final Map<Integer, Partition> partitions = new TreeMap<>();

  /** A partition and the sets that are needed of it. */
  private record Partition(PartitionReader readings, Set<SetId> sets) {}

  /** Something that came. */
  public sealed interface Came {
    /** Of the node's topic. */
    record OfNode(Reading reading) implements Came {}

    /**
     * Of a partition of wide sets.
     *
     * @param sets that it is to hold
     */
    record OfSets(int partition, Set<SetId> sets, Reading reading) implements Came {}
  }

  public NodeTopics(KafkaSettings kafka, String nodeTopic) {
    this.kafka = kafka;
    this.node = new PartitionReader(kafka, nodeTopic, 0);
  }

  /** These wide sets are needed; what is new among them is read from its beginning. */
  public void need(Collection<SetId> sets) {
    var needed =
        sets.stream()
            .collect(
                Collectors.groupingBy(set -> Topics.shardOf(set.toString()), Collectors.toSet()));
    partitions.entrySet().removeIf(old -> !needed.containsKey(old.getKey()) && end(old.getValue()));
    needed.forEach(
        (partition, its) ->
            partitions.compute(partition, (_, before) -> next(partition, before, its)));
  }

  private static boolean end(Partition partition) {
    partition.readings().end();
    return true;
  }

  private Partition next(int partition, Partition before, Set<SetId> sets) {
    if (before == null) {
      return new Partition(new PartitionReader(kafka, Topics.sets().name(), partition), sets);
    }
    if (!before.sets().containsAll(sets)) {
      before.readings().restore();
    }
    return new Partition(before.readings(), sets);
  }

  /** What came, from each at most one thing; waits for the first at most so long. */
  public List<Came> next(Duration atMost) {
    var all = new ArrayList<>(List.of(node));
    partitions.values().forEach(partition -> all.add(partition.readings()));
    PartitionReader.await(all, atMost);
    var came = new ArrayList<Came>();
    node.take().map(Came.OfNode::new).ifPresent(came::add);
    partitions.forEach(
        (number, partition) ->
            partition
                .readings()
                .take()
                .map(reading -> new Came.OfSets(number, partition.sets(), reading))
                .ifPresent(came::add));
    return came;
  }

  /** All of the node's topic comes next. */
  public void restoreNode() {
    node.restore();
  }

  /** All of that partition of wide sets comes next. */
  public void restoreSets(int partition) {
    Optional.ofNullable(partitions.get(partition)).ifPresent(p -> p.readings().restore());
  }

  @Override
  public void close() {
    partitions.values().forEach(NodeTopics::end);
    node.close();
  }
}
