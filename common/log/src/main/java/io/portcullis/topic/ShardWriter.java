package io.portcullis.topic;

import io.portcullis.topic.ShardContent.Difference;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a shard in transactions, until the next owner's writer fences it out. One thread at a time
 * uses it.
 */
final class ShardWriter {
  private static final Logger LOG = LoggerFactory.getLogger(ShardWriter.class);

  private final Shard shard;
  private final Ownership ownership;
  private final KafkaProducer<String, byte[]> producer;

  /**
   * Whether this producer has committed once as a member of the group. Its initTransactions may
   * have come late and have fenced the rightful owner: until that is ruled out, each transaction
   * asks the coordinator of the group too. After that the next owner's initTransactions alone ends
   * what this one may write, and that owner reads all of it.
   */
  private boolean isProven;

  private long refusedSnapshot;

  /** The result of a transaction. */
  enum Result {
    /** The shard is another's; nothing was begun. */
    NOT_OWNED,
    /** The group refused the snapshot's member; the transaction was aborted. */
    REFUSED,
    /** The records are there for readers. */
    COMMITTED
  }

  /**
   * Fences out all earlier writers of the shard and ends what they left open; only its owner may do
   * so. Throws {@link org.apache.kafka.common.KafkaException} when the broker does not answer.
   */
  ShardWriter(Shard shard, Ownership ownership, KafkaProducer<String, byte[]> producer) {
    this.shard = shard;
    this.ownership = ownership;
    this.producer = producer;
    try {
      producer.initTransactions();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Learns on which brokers topics are, so that the first transaction over many ends in time. */
  void learn(Collection<String> topics) {
    MetadataWarmup.learn(producer, topics);
  }

  /** Tells whether a transaction would be refused now, as the last one was. */
  boolean isRefused(OwnershipSnapshot snapshot) {
    return snapshot.number() == refusedSnapshot;
  }

  /** Writes one transaction, under the snapshot of its begin. */
  Result write(Difference difference) throws InterruptedException {
    var snapshot = ownership.snapshot();
    if (!snapshot.owns(shard.number())) {
      return Result.NOT_OWNED;
    }
    producer.beginTransaction();
    try {
      difference.write(new Transaction(producer));
      if (!isProven) {
        producer.sendOffsetsToTransaction(
            Map.of(shard.partition(), Confirmations.OFFSET), snapshot.member());
      }
      producer.commitTransaction();
    } catch (CommitFailedException e) {
      LOG.debug("{}: {} is refused", shard, snapshot.member(), e);
      producer.abortTransaction();
      refusedSnapshot = snapshot.number();
      return Result.REFUSED;
    }
    isProven = true;
    return Result.COMMITTED;
  }

  /** Ends at once; a transaction that is open cannot be committed any more. */
  void close() {
    producer.close(Duration.ZERO);
  }
}
