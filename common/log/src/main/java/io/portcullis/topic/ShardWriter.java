package io.portcullis.topic;

import io.portcullis.topic.ShardContent.Difference;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
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

  /** The end of a transaction that was asked for and not answered. */
  private Optional<Ending> unanswered = Optional.empty();

  /** How a transaction is to end. */
  private sealed interface Ending {
    record Commit(Difference difference, Transaction transaction) implements Ending {}

    /**
     * @param result of the transaction then
     */
    record Abort(Result result) implements Ending {}
  }

  /** The result of a transaction. */
  sealed interface Result {
    /** The shard is another's; nothing was begun. */
    record NotOwned() implements Result {}

    /** The group refused the snapshot's member; the transaction was aborted. */
    record Refused() implements Result {}

    /** The brokers did not take the records in time; the transaction was aborted. */
    record Late(TimeoutException reason) implements Result {}

    /** The brokers have not told how the transaction ended: {@link #findOut} asks again. */
    record Unknown() implements Result {}

    /** The records are there for readers. */
    record Committed(Difference difference) implements Result {}
  }

  /**
   * Fences out all earlier writers of the shard and ends what they left open; only its owner may do
   * so. Throws {@link KafkaException} when the broker does not answer.
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

  /** Tells whether it is unknown how the last transaction ended; no other can begin then. */
  boolean isUnknown() {
    return unanswered.isPresent();
  }

  /** Writes one transaction, under the snapshot of its begin. */
  Result write(Difference difference) throws InterruptedException {
    var snapshot = ownership.snapshot();
    if (!snapshot.owns(shard.number())) {
      return new Result.NotOwned();
    }
    begin();
    var transaction = new Transaction(producer);
    try {
      difference.write(transaction);
      if (!isProven) {
        producer.sendOffsetsToTransaction(
            Map.of(shard.partition(), Confirmations.OFFSET), snapshot.member());
      }
    } catch (CommitFailedException e) {
      LOG.debug("{}: {} is refused", shard, snapshot.member(), e);
      refusedSnapshot = snapshot.number();
      return end(new Ending.Abort(new Result.Refused()));
    } catch (KafkaException e) {
      return abortIfLate(transaction, e);
    }
    return end(new Ending.Commit(difference, transaction));
  }

  private void begin() {
    try {
      producer.beginTransaction();
    } catch (KafkaException e) {
      throw broken(e);
    }
  }

  /**
   * Asks again how the last transaction ended: the same end of the same producer. Whoever has
   * fenced it out meanwhile has the brokers refuse that. Nothing is sent twice.
   */
  Result findOut() {
    return end(unanswered.orElseThrow());
  }

  private Result end(Ending ending) {
    unanswered = Optional.empty();
    try {
      return switch (ending) {
        case Ending.Commit commit -> commit(commit);
        case Ending.Abort abort -> abort(abort);
      };
    } catch (TimeoutException e) {
      LOG.debug("{}: the end of a transaction is not known", shard, e);
      unanswered = Optional.of(ending);
      return new Result.Unknown();
    }
  }

  private Result commit(Ending.Commit ending) {
    try {
      producer.commitTransaction();
    } catch (TimeoutException e) {
      throw e;
    } catch (KafkaException e) {
      return abortIfLate(ending.transaction(), e);
    }
    isProven = true;
    return new Result.Committed(ending.difference());
  }

  private Result abort(Ending.Abort ending) {
    try {
      producer.abortTransaction();
    } catch (TimeoutException e) {
      throw e;
    } catch (KafkaException e) {
      throw broken(e);
    }
    return ending.result();
  }

  /**
   * Aborts a transaction whose records are late. They harm no later one: only the next owner's
   * writer fences this one out.
   */
  private Result abortIfLate(Transaction transaction, KafkaException e) {
    var reason = KafkaErrors.lateness(e).or(transaction::lateness).orElseThrow(() -> e);
    return end(new Ending.Abort(new Result.Late(reason)));
  }

  /** A producer that cannot even begin or abort is of no use, whatever it says was late. */
  private static KafkaException broken(KafkaException e) {
    return KafkaErrors.lateness(e).isEmpty()
        ? e
        : new KafkaException("the producer cannot go on: " + e.getMessage());
  }

  /** Ends at once; a transaction that is open cannot be committed any more. */
  void close() {
    producer.close(Duration.ZERO);
  }
}
