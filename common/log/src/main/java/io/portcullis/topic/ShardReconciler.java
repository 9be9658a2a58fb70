package io.portcullis.topic;

import io.portcullis.topic.Ownership.Snapshot;
import io.portcullis.topic.ShardContent.Difference;
import io.portcullis.topic.ShardContent.Known;
import io.portcullis.topic.ShardContent.ShardTopic;
import io.portcullis.topic.ShardContent.Source;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
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
 *   differing --commit of the position refused--> differing      (aborted; next snapshot)
 *   any --a topic's id changed--> fenced in                      (that topic is restored again)
 *   waiting: now and then its topics are followed, so that a take-over restores what came since
 * </pre>
 *
 * <p>The worker's thread alone calls it and the content. Each arrow that waits for the broker is a
 * task of {@link ShardExecutor}; while one runs nothing else of this shard happens. What a task
 * found or did is taken in by the worker's thread.
 */
public final class ShardReconciler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardReconciler.class);

  private final KafkaSettings settings;
  private final TopicAdmin admin;
  private final Ownership ownership;
  private final ShardExecutor background;
  private final Shard shard;
  private final String transactionalId;
  private final ShardContent content;
  private final Function<Map<String, Object>, KafkaProducer<String, byte[]>> producers;

  private final RestoredTopics restored;
  private final ShardFailure trouble;
  private Optional<CompletableFuture<Outcome>> running = Optional.empty();
  private boolean isOwner;
  private boolean hasFollowed;
  private volatile boolean closed;
  private Optional<KafkaProducer<String, byte[]>> producer = Optional.empty();

  /**
   * Whether this producer has committed once as a member of the group. Its initTransactions may
   * have come late and have fenced the rightful owner: until that is ruled out, each transaction
   * asks the coordinator of the group too. After that the next owner's initTransactions alone ends
   * what this one may write, and that owner reads all of it.
   */
  private boolean isProven;

  private long refusedSnapshot;

  /** What one step did. */
  public enum Step {
    /** Not this process' shard, nothing to keep, or not possible now. */
    WAITING,
    /** The broker has something to do for it. */
    WORKING,
    /** The topics are as wanted. */
    EQUAL,
    /** A transaction was committed; there may be more to write. */
    WRITTEN
  }

  /** What waits for the broker. */
  private interface Task {
    Outcome run() throws InterruptedException;
  }

  /** What the worker's thread makes of it: how the step ends, if it does. */
  private interface Outcome {
    Optional<Step> take();
  }

  public ShardReconciler(
      KafkaSettings settings,
      TopicAdmin admin,
      Ownership ownership,
      ShardExecutor background,
      Shard shard,
      String transactionalId,
      ShardContent content) {
    this(
        settings,
        admin,
        ownership,
        background,
        shard,
        transactionalId,
        content,
        KafkaProducer::new);
  }

  ShardReconciler(
      KafkaSettings settings,
      TopicAdmin admin,
      Ownership ownership,
      ShardExecutor background,
      Shard shard,
      String transactionalId,
      ShardContent content,
      Function<Map<String, Object>, KafkaProducer<String, byte[]>> producers) {
    this.settings = settings;
    this.admin = admin;
    this.restored = new RestoredTopics(admin);
    this.trouble = new ShardFailure(shard);
    this.ownership = ownership;
    this.background = background;
    this.shard = shard;
    this.transactionalId = transactionalId;
    this.content = content;
    this.producers = producers;
  }

  /**
   * Goes on as far as it can without waiting for others; writes one transaction at most. Whatever
   * fails harms this shard alone: it is restored again later, and {@link #failure} says why.
   */
  public Step step() {
    ownership.working();
    try {
      while (true) {
        var end = running.isPresent() ? takeIn(running.get()) : next();
        if (end.isPresent()) {
          return end.get();
        }
      }
    } catch (RuntimeException e) {
      failed(e);
      return Step.WAITING;
    }
  }

  /** Why it was last restored again, until it is equal or written once more. */
  public Optional<String> failure() {
    return trouble.reason();
  }

  /** Begins the next task, or tells why there is none. */
  private Optional<Step> next() {
    var snapshot = ownership.snapshot();
    if (!snapshot.owns(shard.number())) {
      release();
      if (isOwner) {
        isOwner = false;
        trouble.isOver(); // what failed is another's to do now
      }
      return follow();
    }
    isOwner = true;
    var topics = content.topics();
    if (topics.isEmpty() || isHindered() || !trouble.isConfirmationDue()) {
      return Optional.of(Step.WAITING);
    }
    if (producer.isEmpty()) {
      return begin("fencing", () -> fence(snapshot));
    }
    forgetWhatWasMadeAnew();
    var missing = restored.missing(topics);
    if (!missing.isEmpty()) {
      var source = content.source();
      var known = known(missing);
      var writer = producer.get();
      return begin("restoring", () -> restore(writer, missing, known, source));
    }
    var unwanted = content.unwanted();
    if (!unwanted.isEmpty()) {
      return begin("deleting", () -> delete(snapshot, unwanted));
    }
    if (!background.mayWrite()) {
      return Optional.of(Step.WORKING);
    }
    var difference = content.difference();
    if (difference.isEmpty()) {
      trouble.isOver();
      return Optional.of(Step.EQUAL);
    }
    if (snapshot.number() == refusedSnapshot) {
      return Optional.of(Step.WAITING);
    }
    var writer = producer.get();
    var writing = background.writes(difference.get().topics());
    return begin(
        "writing",
        () -> {
          try {
            return write(writer, difference.get());
          } finally {
            background.wrote(writing);
          }
        });
  }

  /** Whether it has ever read what another process wrote. */
  public boolean hasFollowed() {
    return hasFollowed;
  }

  private boolean isHindered() {
    return ownership.trouble().isPresent() // each shard's call would wait in vain, one by one
        || !trouble.isRetryDue();
  }

  /** What waits for nothing gives way to what nodes wait for. */
  private Optional<Step> follow() {
    if (isHindered() || !background.follows().tryAcquire()) {
      return Optional.of(Step.WAITING);
    }
    var topics = content.followed();
    if (topics.isEmpty()) {
      background.follows().release();
      return Optional.of(Step.WAITING);
    }
    var known = known(topics);
    return begin("following", () -> follow(topics, known));
  }

  private Outcome follow(Collection<ShardTopic> topics, Map<ShardTopic, Known> known) {
    try {
      var read = restoring().follow(topics, known);
      return () -> {
        read.values().forEach(found -> found.restored().take());
        hasFollowed = true;
        trouble.isOver();
        return Optional.empty();
      };
    } finally {
      background.follows().release();
    }
  }

  private Map<ShardTopic, Known> known(Collection<ShardTopic> topics) {
    var known = new HashMap<ShardTopic, Known>();
    topics.forEach(topic -> content.known(topic).ifPresent(place -> known.put(topic, place)));
    return known;
  }

  private Optional<Step> begin(String what, Task task) {
    var outcome = new CompletableFuture<Outcome>();
    var begun = System.nanoTime();
    running = Optional.of(outcome);
    background.run(
        () -> {
          ownership.working(this);
          try {
            outcome.complete(task.run());
          } catch (Throwable e) { // the worker's thread tells it and goes on, or dies of an error
            outcome.completeExceptionally(e);
          } finally {
            ownership.rests(this);
            var millis = (System.nanoTime() - begun) / 1_000_000;
            LOG.debug("{}: {} took {} ms", shard, what, millis);
          }
        });
    return Optional.empty();
  }

  private Optional<Step> takeIn(CompletableFuture<Outcome> task) {
    if (!task.isDone()) {
      return Optional.of(Step.WORKING);
    }
    running = Optional.empty();
    try {
      return task.get().take();
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
    trouble.failed(e, names(restored.all()));
    release();
    if (!ShardFailure.isOfKafka(e) || e instanceof OffsetOutOfRangeException) {
      content.forget();
    }
  }

  /** A late initTransactions would fence the rightful owner: both checks stand before it. */
  private Outcome fence(Snapshot snapshot) {
    if (!ownership.confirm(snapshot, shard.number())) {
      return this::isNotConfirmed;
    }
    var fresh = producers.apply(settings.writer(transactionalId));
    try {
      fresh.initTransactions();
    } catch (RuntimeException e) {
      fresh.close(Duration.ZERO);
      throw e;
    }
    if (closed) {
      fresh.close(Duration.ZERO);
    }
    return () -> {
      producer = Optional.of(fresh);
      isProven = false;
      startOver();
      return Optional.empty();
    };
  }

  private Optional<Step> isNotConfirmed() {
    trouble.unconfirmed();
    return Optional.of(Step.WAITING);
  }

  private Outcome restore(
      KafkaProducer<String, byte[]> writer,
      Collection<ShardTopic> missing,
      Map<ShardTopic, Known> known,
      Optional<Source> source)
      throws InterruptedException {
    var permits = background.permits(missing.size() - known.size());
    while (!background.restores().tryAcquire(permits, 1, TimeUnit.SECONDS)) {
      ownership.working(this);
    }
    try {
      source.ifPresent(this::requireToBeThere);
      var read = restoring().own(missing, known);
      MetadataWarmup.learn(writer, names(missing));
      return () -> {
        read.forEach(
            (topic, found) -> {
              if (found.restored().take()) {
                restored.add(topic, found.topicId());
              }
            });
        return Optional.empty();
      };
    } finally {
      background.restores().release(permits);
    }
  }

  private ShardRestore restoring() {
    return new ShardRestore(settings, admin, content, () -> ownership.working(this));
  }

  private void requireToBeThere(Source source) {
    if (!source.id().equals(admin.ids(List.of(source.topic())).get(source.topic()))) {
      throw new KafkaException("topic " + source.topic() + " is not the one that was read");
    }
  }

  private Outcome delete(Snapshot snapshot, Collection<String> unwanted) {
    if (!ownership.confirm(snapshot, shard.number())) {
      return this::isNotConfirmed;
    }
    admin.delete(admin.ids(unwanted));
    return () -> {
      content.deleted(unwanted);
      return Optional.empty();
    };
  }

  private void forgetWhatWasMadeAnew() {
    var stale = restored.stale();
    if (!stale.isEmpty()) {
      LOG.warn("deleted or made anew by another: {}; writing it again", names(stale));
      startOver();
    }
  }

  static List<String> names(Collection<ShardTopic> topics) {
    return topics.stream().map(topic -> topic.spec().name()).distinct().toList();
  }

  private Outcome write(KafkaProducer<String, byte[]> writer, Difference difference)
      throws InterruptedException {
    var snapshot = ownership.snapshot();
    if (!snapshot.owns(shard.number())) {
      return () -> Optional.of(Step.WAITING);
    }
    writer.beginTransaction();
    try {
      difference.write(new Transaction(writer));
      if (!isProven) {
        writer.sendOffsetsToTransaction(
            Map.of(shard.partition(), new OffsetAndMetadata(difference.position())),
            snapshot.member());
      }
      writer.commitTransaction();
    } catch (CommitFailedException e) {
      LOG.debug("{}: position refused", shard, e);
      writer.abortTransaction();
      return () -> {
        refusedSnapshot = snapshot.number();
        return Optional.of(Step.WAITING);
      };
    }
    return () -> {
      isProven = true;
      difference.committed();
      trouble.isOver();
      return Optional.of(Step.WRITTEN);
    };
  }

  private void release() {
    producer.ifPresent(open -> open.close(Duration.ZERO));
    producer = Optional.empty();
    if (!restored.isEmpty()) {
      startOver();
    }
  }

  /** All is restored again, from where it is known. */
  private void startOver() {
    restored.forget();
    content.released();
  }

  /** What a task still does comes to nothing: without a producer it cannot be committed. */
  @Override
  public void close() {
    closed = true;
    release();
  }
}
