package io.portcullis.topic;

import io.portcullis.topic.ShardContent.ShardTopic;
import io.portcullis.topic.ShardWriter.Result;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Own, fence, restore, diff, write: keeps the topics of one shard equal to a {@link ShardContent}.
 *
 * <pre>
 *   waiting --owned and confirmed: new producer, initTransactions--> fenced in
 *   fenced in --topics made, restored--> equal or differing
 *   differing --one transaction, the first under the snapshot taken at its begin--> equal or differing
 *   any --shard not in the snapshot--> waiting
 *   any --fenced out, broker error--> waiting                    (the topics tell the truth again)
 *   differing --commit of the offset refused--> differing        (aborted; next snapshot)
 *   differing --records not taken in time--> differing           (aborted; later, and less at once)
 *   differing --end not answered--> unknown --answered--> equal or differing
 *   any --a topic's id changed--> fenced in                      (that topic is restored again)
 *   waiting: now and then its topics are followed, so that a take-over restores what came since
 * </pre>
 *
 * <p>The worker's thread alone calls it and the content. Each arrow that waits for the broker is a
 * {@link ShardTask}; while one runs nothing else of this shard happens. What a task found or did is
 * taken in by the worker's thread.
 */
public final class ShardReconciler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardReconciler.class);

  private final ShardGroup group;
  private final Shard shard;
  private final ShardContent content;
  private final Function<Map<String, Object>, KafkaProducer<String, byte[]>> producers;
  private final RestoredTopics restored;
  private final ShardFailure failure;
  private final ShardTask<Outcome> task;
  private final ShardRestore restore;
  private final ShardFollowing following;
  private Optional<ShardWriter> writer = Optional.empty();
  private boolean isOwner;
  private volatile boolean closed;

  /** The result of one step of a shard. */
  public enum Step {
    /** The shard is another process' one, has nothing to keep, or cannot be written now. */
    WAITING,
    /** The broker has something to do for it. */
    WORKING,
    /** The topics are as wanted. */
    EQUAL,
    /** A transaction was committed; there may be more to write. */
    WRITTEN
  }

  /** The result of a task, as the worker's thread takes it: how the step ends, if it does. */
  private interface Outcome {
    Optional<Step> take();
  }

  public ShardReconciler(ShardGroup group, Shard shard, ShardContent content) {
    this(group, shard, content, KafkaProducer::new);
  }

  ShardReconciler(
      ShardGroup group,
      Shard shard,
      ShardContent content,
      Function<Map<String, Object>, KafkaProducer<String, byte[]>> producers) {
    this.group = group;
    this.shard = shard;
    this.content = content;
    this.producers = producers;
    this.restored = new RestoredTopics(group.ids());
    this.failure = new ShardFailure(shard);
    this.task = new ShardTask<>(shard, group.ownership(), group.executor());
    this.restore = new ShardRestore(group.settings(), group.admin(), content, task::working);
    this.following = new ShardFollowing(restore, group.executor());
  }

  /**
   * Goes on as far as it can without waiting for others; writes one transaction at most. Whatever
   * fails harms this shard alone: it is restored again later, and {@link #failure} says why.
   */
  public Step step() {
    group.ownership().working();
    try {
      while (true) {
        var end = task.isBegun() ? takeResult() : next();
        if (end.isPresent()) {
          return end.get();
        }
      }
    } catch (RuntimeException e) {
      failed(e);
      return Step.WAITING;
    }
  }

  /** Returns why it was last restored again, until it is equal or written once more. */
  public Optional<String> failure() {
    return failure.reason();
  }

  /** Tells whether it has ever read what another process wrote. */
  public boolean hasFollowed() {
    return following.hasFollowed();
  }

  /** Begins the next task, or tells why there is none. */
  private Optional<Step> next() {
    var snapshot = group.ownership().snapshot();
    if (!snapshot.owns(shard.number())) {
      return nextOfAnother();
    }
    isOwner = true;
    var topics = content.topics();
    if (topics.isEmpty() || isHindered() || !failure.isConfirmationDue()) {
      return Optional.of(Step.WAITING);
    }
    if (writer.isEmpty()) {
      return beginTakeOver("fencing", () -> fence(snapshot));
    }
    var to = writer.get();
    if (to.isUnknown()) {
      return begin("finding out", group.executor().writing(1, () -> ended(to.findOut())));
    }
    if (!restored.stale().isEmpty()) {
      startOver();
    }
    var missing = restored.missing(topics);
    return missing.isEmpty() ? nextOfRestored(snapshot, to) : nextRestore(missing, to);
  }

  private Optional<Step> nextOfAnother() {
    release();
    if (isOwner) {
      isOwner = false;
      failure.over(); // what failed is another's to do now
    }
    return follow();
  }

  private Optional<Step> nextRestore(Collection<ShardTopic> missing, ShardWriter to) {
    var source = content.source();
    var known = restore.checkpoints(missing);
    Callable<Outcome> read =
        () -> {
          var found = restore.own(missing, known, source);
          to.learn(ShardTopic.names(missing));
          return () -> takeRestored(found);
        };
    var fromBeginning = missing.size() - known.size();
    return beginTakeOver(
        "restoring", () -> group.executor().restoring(fromBeginning, task::working, read));
  }

  private Optional<Step> takeRestored(Map<ShardTopic, ShardRestore.Read> read) {
    read.forEach(
        (topic, found) -> {
          if (found.restored().take()) {
            restored.add(topic, found.topicId());
          }
        });
    return Optional.empty();
  }

  private Optional<Step> nextOfRestored(OwnershipSnapshot snapshot, ShardWriter to) {
    var unwanted = content.unwanted();
    if (!unwanted.isEmpty()) {
      return begin("deleting", () -> delete(snapshot, unwanted));
    }
    if (!group.executor().mayWrite()) {
      return Optional.of(Step.WORKING);
    }
    content.prepare();
    var difference = content.difference();
    if (difference.isEmpty()) {
      failure.over();
      return Optional.of(Step.EQUAL);
    }
    if (to.isRefused(snapshot)) {
      return Optional.of(Step.WAITING);
    }
    var topics = difference.get().topics();
    return begin(
        "writing", group.executor().writing(topics, () -> ended(to.write(difference.get()))));
  }

  private boolean isHindered() {
    return group.ownership().trouble().isPresent() // each shard's call would wait in vain
        || !failure.isRetryDue();
  }

  private Optional<Step> follow() {
    var reading = isHindered() ? Optional.<Callable<Runnable>>empty() : following.next();
    if (reading.isEmpty()) {
      return Optional.of(Step.WAITING);
    }
    return begin(
        "following",
        () -> {
          var take = reading.get().call();
          return () -> {
            take.run();
            failure.over();
            return Optional.empty();
          };
        });
  }

  private Optional<Step> begin(String what, Callable<Outcome> call) {
    task.begin(what, call);
    return Optional.empty();
  }

  private Optional<Step> beginTakeOver(String what, Callable<Outcome> call) {
    return group.executor().mayTakeOver()
        ? begin(what, group.executor().takingOver(call))
        : Optional.of(Step.WORKING);
  }

  private Optional<Step> takeResult() {
    try {
      var outcome = task.take();
      return outcome.isPresent() ? outcome.get().take() : Optional.of(Step.WORKING);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      release();
    } catch (ExecutionException e) {
      broke(e.getCause());
    }
    return Optional.of(Step.WAITING);
  }

  private void broke(Throwable cause) {
    switch (cause) {
      case Error e -> throw e;
      case InvalidProducerEpochException _, ProducerFencedException _ -> {
        LOG.info("{}: fenced; asking for ownership again", shard);
        release();
      }
      case InterruptedException _ -> release();
      default -> failed(cause);
    }
  }

  /** Starts over, unless it only took too long: what is fenced in and restored stays so. */
  private void failed(Throwable e) {
    var lateness = KafkaErrors.lateness(e);
    if (lateness.isPresent()) {
      failure.late(lateness.get());
      return;
    }
    failure.failed(e, restored.names().toList());
    release();
    if (!ShardFailure.isOfKafka(e) || e instanceof OffsetOutOfRangeException) {
      content.forget();
    }
  }

  /** A late initTransactions would fence the rightful owner: both checks stand before it. */
  private Outcome fence(OwnershipSnapshot snapshot) {
    if (!group.ownership().confirm(snapshot, shard.number())) {
      return this::isNotConfirmed;
    }
    var settings = group.settings().writer(shard.transactionalId());
    var fresh = new ShardWriter(shard, group.ownership(), producers.apply(settings));
    if (closed) {
      fresh.close();
    }
    return () -> {
      writer = Optional.of(fresh);
      startOver();
      group.executor().tookOver();
      return Optional.empty();
    };
  }

  private Optional<Step> isNotConfirmed() {
    failure.unconfirmed();
    return Optional.of(Step.WAITING);
  }

  private Outcome delete(OwnershipSnapshot snapshot, Collection<String> unwanted) {
    if (!group.ownership().confirm(snapshot, shard.number())) {
      return this::isNotConfirmed;
    }
    group.admin().delete(group.admin().ids(unwanted));
    return () -> {
      content.deleted(unwanted);
      return Optional.empty();
    };
  }

  private Outcome ended(Result result) {
    return switch (result) {
      case Result.NotOwned _, Result.Refused _ -> () -> Optional.of(Step.WAITING);
      case Result.Unknown _ ->
          () -> {
            failure.unknown();
            return Optional.of(Step.WORKING);
          };
      case Result.Late(var reason) ->
          () -> {
            failure.late(reason);
            content.late();
            return Optional.of(Step.WAITING);
          };
      case Result.Committed(var difference) ->
          () -> {
            difference.committed();
            failure.over();
            return Optional.of(Step.WRITTEN);
          };
    };
  }

  private void release() {
    writer.ifPresent(ShardWriter::close);
    writer = Optional.empty();
    if (!restored.isEmpty()) {
      startOver();
    }
  }

  /** Lets all be restored again, from where it is known. */
  private void startOver() {
    restored.forget();
    content.released();
  }

  /** Closes the shard's producer. A task that still runs cannot commit anything after that. */
  @Override
  public void close() {
    closed = true;
    release();
  }
}
