package io.portcullis.topic;

import org.apache.kafka.common.TopicPartition;

/**
 * A part of the work, which one process of a group owns at a time.
 *
 * @param topic whose partitions are the shards
 * @param transactionalId by which its writers fence one another out
 */
public record Shard(TopicSpec topic, int number, String transactionalId) {
  /** Returns what is owned, for Kafka: a member that is assigned it owns the shard. */
  TopicPartition partition() {
    return new TopicPartition(topic.name(), number);
  }

  @Override
  public String toString() {
    return "shard %d of %s".formatted(number, topic.name());
  }
}
