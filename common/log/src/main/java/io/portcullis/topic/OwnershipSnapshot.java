package io.portcullis.topic;

import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/**
 * Which shards are owned, and as which member of the group: valid together or not at all.
 *
 * @param number grows with each snapshot
 */
public record OwnershipSnapshot(long number, ConsumerGroupMetadata member, Set<Integer> shards) {
  static final OwnershipSnapshot NONE =
      new OwnershipSnapshot(0, new ConsumerGroupMetadata(""), Set.of());

  public boolean owns(int shard) {
    return shards.contains(shard);
  }

  boolean sameAs(ConsumerGroupMetadata otherMember, Set<Integer> otherShards) {
    return member.equals(otherMember) && shards.equals(otherShards);
  }
}
