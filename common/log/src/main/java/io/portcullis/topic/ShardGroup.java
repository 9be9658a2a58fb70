package io.portcullis.topic;

/**
 * What the shards of one process share.
 *
 * @param ownership tells which of them this process may write
 * @param executor runs what waits for the broker
 * @param ids tells which of their topics were made anew
 */
public record ShardGroup(
    KafkaSettings settings,
    TopicAdmin admin,
    Ownership ownership,
    ShardExecutor executor,
    TopicIdWatch ids) {

  public ShardGroup(
      KafkaSettings settings, TopicAdmin admin, Ownership ownership, ShardExecutor executor) {
    this(settings, admin, ownership, executor, new TopicIdWatch(admin));
  }
}
