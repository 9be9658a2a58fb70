package io.portcullis.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a group whether it still takes a snapshot's member for a shard's owner: by a synchronous
 * commit of an offset, which the coordinator refuses from a stale member. Any thread may ask; the
 * polling thread answers, as it alone may use the consumer.
 */
final class Confirmations {
  private static final Logger LOG = LoggerFactory.getLogger(Confirmations.class);

  /**
   * The offset that an owner commits for a shard. The group checks who commits; nobody reads it.
   */
  static final OffsetAndMetadata OFFSET = new OffsetAndMetadata(0);

  private final TopicSpec shards;
  private final Duration longestWait;
  private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();

  private record Question(
      OwnershipSnapshot snapshot, int shard, CompletableFuture<Boolean> answer) {}

  /**
   * @param shards the topic whose partitions are shared out
   * @param longestWait for an answer; after that it is no
   */
  Confirmations(TopicSpec shards, Duration longestWait) {
    this.shards = shards;
    this.longestWait = longestWait;
  }

  /** Tells whether none is asked for. */
  boolean isEmpty() {
    return questions.isEmpty();
  }

  /**
   * Asks and waits for the answer.
   *
   * @param wakeUp lets the polling thread answer soon
   */
  boolean ask(OwnershipSnapshot snapshot, int shard, Runnable wakeUp) {
    var answer = new CompletableFuture<Boolean>();
    questions.add(new Question(snapshot, shard, answer));
    wakeUp.run();
    try {
      return answer.get(longestWait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } catch (TimeoutException | ExecutionException e) {
      LOG.debug("shard {} of {}: not confirmed", shard, shards.name(), e);
      return false;
    }
  }

  /**
   * Answers all questions by one commit.
   *
   * @param current those that were asked of another snapshot are answered no
   */
  void answer(KafkaConsumer<?, ?> consumer, OwnershipSnapshot current) {
    var asked = new ArrayList<Question>();
    questions.drainTo(asked);
    var valid =
        asked.stream()
            .filter(question -> question.snapshot() == current && current.owns(question.shard()))
            .toList();
    var confirmed = !valid.isEmpty() && commit(consumer, valid);
    asked.forEach(question -> question.answer().complete(confirmed && valid.contains(question)));
  }

  private boolean commit(KafkaConsumer<?, ?> consumer, List<Question> asked) {
    var offsets =
        asked.stream()
            .map(question -> new TopicPartition(shards.name(), question.shard()))
            .distinct()
            .collect(Collectors.toMap(partition -> partition, _ -> OFFSET));
    try {
      consumer.commitSync(offsets);
      return true;
    } catch (WakeupException _) {
      return commit(consumer, asked); // woken for one that was answered already
    } catch (CommitFailedException
        | RebalanceInProgressException
        | org.apache.kafka.common.errors.TimeoutException e) {
      LOG.debug("{}: not confirmed", offsets.keySet(), e);
      return false;
    }
  }
}
