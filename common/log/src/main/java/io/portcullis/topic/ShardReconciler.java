package io.portcullis.topic;

import io.portcullis.topic.ShardContent.Difference;
import io.portcullis.topic.ShardContent.ShardTopic;
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
 *   any --fenced out, broker error, outcome unknown--> waiting   (the topics tell the truth again)
 *   differing --commit of the offset refused--> differing        (aborted; next snapshot)
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
  private Optional<ShardWriter> writer = Optional.empty();
  private boolean isOwner;
  private boolean hasFollowed;
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
    return hasFollowed;
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
      return begin("fencing", () -> fence(snapshot));
    }
    forgetWhatWasMadeAnew();
    var missing = restored.missing(topics);
    return missing.isEmpty()
        ? nextOfRestored(snapshot, writer.get())
        : nextRestore(missing, writer.get());
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
    return begin(
        "restoring",
        () ->
            group
                .executor()
                .restoring(
                    missing.size() - known.size(),
                    task::working,
                    () -> {
                      var read = restore.own(missing, known, source);
                      to.learn(ShardTopic.names(missing));
                      return () -> takeRestored(read);
                    }));
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
    var writing = group.executor().writes(difference.get().topics());
    return begin(
        "writing",
        () -> {
          try {
            return write(to, difference.get());
          } finally {
            group.executor().wrote(writing);
          }
        });
  }

  private boolean isHindered() {
    return group.ownership().trouble().isPresent() // each shard's call would wait in vain
        || !failure.isRetryDue();
  }

  /** Reads what another process writes; this gives way to what nodes wait for. */
  private Optional<Step> follow() {
    if (isHindered()) {
      return Optional.of(Step.WAITING);
    }
    var reading = restore.following(group.executor().follows());
    if (reading.isEmpty()) {
      return Optional.of(Step.WAITING);
    }
    return begin(
        "following",
        () -> {
          var read = reading.get().call();
          return () -> takeFollowed(read);
        });
  }

  private Optional<Step> takeFollowed(Map<ShardTopic, ShardRestore.Read> read) {
    read.values().forEach(found -> found.restored().take());
    hasFollowed = true;
    failure.over();
    return Optional.empty();
  }

  private Optional<Step> begin(String what, Callable<Outcome> call) {
    task.begin(what, call);
    return Optional.empty();
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
      case InvalidProducerEpochException _ -> fencedOut();
      case ProducerFencedException _ -> fencedOut();
      case InterruptedException _ -> release();
      default -> failed(cause);
    }
  }

  private void fencedOut() {
    LOG.info("{}: fenced; asking for ownership again", shard);
    release();
  }

  private void failed(Throwable e) {
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

  private void forgetWhatWasMadeAnew() {
    var stale = restored.stale();
    if (!stale.isEmpty()) {
      LOG.warn("topics {} were deleted or made anew by another; they are written again", stale);
      startOver();
    }
  }

  private Outcome write(ShardWriter to, Difference difference) throws InterruptedException {
    return switch (to.write(difference)) {
      case NOT_OWNED, REFUSED -> () -> Optional.of(Step.WAITING);
      case COMMITTED ->
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
