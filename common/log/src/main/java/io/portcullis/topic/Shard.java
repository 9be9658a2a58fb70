package io.portcullis.topic;

import org.apache.kafka.common.TopicPartition;

/**
 * A part of the work, which one process of a group owns at a time.
 *
 * @param topic whose partitions are the shards
 */
public record Shard(TopicSpec topic, int number) {
  /** What is owned, for Kafka: a member of the group that is assigned it owns the shard. */
  TopicPartition partition() {
    return new TopicPartition(topic.name(), number);
  }

  @Override
  public String toString() {
    return "shard %d of %s".formatted(number, topic.name());
  }
}
