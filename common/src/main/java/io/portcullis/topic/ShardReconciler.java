package io.portcullis.topic;

import io.portcullis.topic.Ownership.Snapshot;
import io.portcullis.topic.ShardContent.Difference;
import io.portcullis.topic.ShardContent.Kind;
import io.portcullis.topic.ShardContent.ShardTopic;
import io.portcullis.topic.ShardContent.Source;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
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
 *   differing --one transaction under the snapshot taken at its begin--> equal or differing
 *   any --shard not in the snapshot--> waiting
 *   any --fenced out, broker error, outcome unknown--> waiting   (the topics tell the truth again)
 *   differing --commit of the position refused--> differing      (aborted; next snapshot)
 *   any --a topic's id changed--> fenced in                      (that topic is restored again)
 * </pre>
 *
 * <p>The worker's thread alone calls it.
 */
public final class ShardReconciler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardReconciler.class);
  private static final Duration BETWEEN_ID_CHECKS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);

  private final KafkaSettings settings;
  private final TopicAdmin admin;
  private final Ownership ownership;
  private final TopicSpec shardsTopic;
  private final int shard;
  private final String transactionalId;
  private final ShardContent content;
  private final Function<Map<String, Object>, KafkaProducer<String, byte[]>> producers;

  /** Ids of the topics that are restored, by topic. */
  private final Map<ShardTopic, String> restored = new HashMap<>();

  private Optional<KafkaProducer<String, byte[]>> producer = Optional.empty();
  private Optional<TopicAdmin.Ids> askedIds = Optional.empty();
  private long idsCheckedNanos = System.nanoTime();
  private long refusedSnapshot;
  private Optional<String> failure = Optional.empty();
  private Duration pause = BETWEEN_TRIES;
  private long failedNanos = System.nanoTime() - BETWEEN_TRIES.toNanos();

  /** What one step did. */
  public enum Step {
    /** Not this process' shard, nothing to keep, or not possible now. */
    WAITING,
    /** The topics are as wanted. */
    EQUAL,
    /** A transaction was committed; there may be more to write. */
    WRITTEN
  }

  public ShardReconciler(
      KafkaSettings settings,
      TopicAdmin admin,
      Ownership ownership,
      TopicSpec shardsTopic,
      int shard,
      String transactionalId,
      ShardContent content) {
    this(
        settings,
        admin,
        ownership,
        shardsTopic,
        shard,
        transactionalId,
        content,
        KafkaProducer::new);
  }

  ShardReconciler(
      KafkaSettings settings,
      TopicAdmin admin,
      Ownership ownership,
      TopicSpec shardsTopic,
      int shard,
      String transactionalId,
      ShardContent content,
      Function<Map<String, Object>, KafkaProducer<String, byte[]>> producers) {
    this.settings = settings;
    this.admin = admin;
    this.ownership = ownership;
    this.shardsTopic = shardsTopic;
    this.shard = shard;
    this.transactionalId = transactionalId;
    this.content = content;
    this.producers = producers;
  }

  /** Goes on as far as it can without waiting for others; writes one transaction at most. */
  public Step step() {
    ownership.working();
    var snapshot = ownership.snapshot();
    if (!snapshot.owns(shard)) {
      release();
      return Step.WAITING;
    }
    var topics = content.topics();
    if (topics.isEmpty()
        || ownership.trouble().isPresent() // each shard's call would wait in vain, one by one
        || System.nanoTime() - failedNanos < pause.toNanos()) {
      return Step.WAITING;
    }
    try {
      if (producer.isEmpty() && !fence(snapshot)) {
        return Step.WAITING;
      }
      checkIds();
      restore(topics);
      var difference = content.difference();
      var done = difference.isEmpty() ? Step.EQUAL : write(difference.get());
      failure = Optional.empty();
      return done;
    } catch (InvalidProducerEpochException | ProducerFencedException e) {
      LOG.info("shard {} of {}: fenced; asking for ownership again", shard, shardsTopic.name());
      release();
    } catch (KafkaException | ExecutionException e) {
      failed(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      release();
    } catch (RuntimeException e) {
      release(); // a transaction that was begun would be in the way of every later one
      throw e;
    }
    return Step.WAITING;
  }

  /** Why it was last restored again, until it is equal or written once more. */
  public Optional<String> failure() {
    return failure;
  }

  private void failed(Exception e) {
    var reason = Optional.of(KafkaTrouble.reason(e, "Write", names(restored.keySet())));
    if (!failure.equals(reason)) {
      LOG.warn("shard {} of {}: {}; restoring again", shard, shardsTopic.name(), reason.get());
    }
    LOG.debug("shard {} of {}", shard, shardsTopic.name(), e);
    failure = reason;
    pause = KafkaTrouble.isRefusal(e) ? AFTER_REFUSAL : BETWEEN_TRIES;
    failedNanos = System.nanoTime();
    release();
  }

  /** A late initTransactions would fence the rightful owner: both checks stand before it. */
  private boolean fence(Snapshot snapshot) {
    if (!ownership.confirm(snapshot, shard)) {
      return false;
    }
    var fresh = producers.apply(settings.writer(transactionalId));
    producer = Optional.of(fresh);
    fresh.initTransactions();
    content.forget();
    restored.clear();
    return true;
  }

  private void restore(Collection<ShardTopic> topics) {
    restored.keySet().retainAll(Set.copyOf(topics));
    var missing = new LinkedHashSet<>(topics);
    missing.removeAll(restored.keySet());
    if (missing.isEmpty()) {
      return;
    }
    content.source().ifPresent(this::requireToBeThere);
    admin.ensure(missing.stream().map(ShardTopic::spec).distinct().toList());
    var ids = admin.ids(missing.stream().map(topic -> topic.spec().name()).distinct().toList());
    var compacted =
        missing.stream()
            .filter(topic -> topic.kind() == Kind.COMPACTED)
            .collect(Collectors.toMap(ShardReconciler::partition, topic -> topic));
    var contents = read(compacted.keySet());
    for (var topic : missing) {
      var held =
          switch (topic.kind()) {
            case LOG ->
                Optional.ofNullable(ids.get(topic.spec().name()))
                    .map(id -> new TopicContent(id, Collections.emptySortedMap(), 0));
            case COMPACTED -> Optional.ofNullable(contents.get(partition(topic)));
          };
      content.restored(topic, held.orElseThrow(() -> vanished(topic)));
      restored.put(topic, held.get().topicId());
    }
  }

  private Map<TopicPartition, TopicContent> read(Set<TopicPartition> partitions) {
    try (var consumer = new KafkaConsumer<String, byte[]>(settings.reader())) {
      return TopicRestore.restore(consumer, admin, partitions, ownership::working);
    }
  }

  private void requireToBeThere(Source source) {
    if (!source.id().equals(admin.ids(List.of(source.topic())).get(source.topic()))) {
      throw new KafkaException("topic " + source.topic() + " is not the one that was read");
    }
  }

  private static KafkaException vanished(ShardTopic topic) {
    return new KafkaException("topic " + topic.spec().name() + " was deleted while it was read");
  }

  private static TopicPartition partition(ShardTopic topic) {
    return new TopicPartition(topic.spec().name(), topic.partition());
  }

  /** A topic that was deleted or made anew is forgotten; asks without holding up the worker. */
  private void checkIds() {
    if (askedIds.filter(TopicAdmin.Ids::arrived).isPresent()) {
      var answer = askedIds.get();
      askedIds = Optional.empty();
      forgetIfMadeAnew(answer);
    }
    if (askedIds.isEmpty()
        && !restored.isEmpty()
        && System.nanoTime() - idsCheckedNanos > BETWEEN_ID_CHECKS.toNanos()) {
      idsCheckedNanos = System.nanoTime();
      askedIds = Optional.of(admin.requestIds(names(restored.keySet())));
    }
  }

  private void forgetIfMadeAnew(TopicAdmin.Ids answer) {
    var ids = answer.join();
    var stale =
        restored.entrySet().stream()
            .filter(topic -> answer.asked(topic.getKey().spec().name()))
            .filter(topic -> !topic.getValue().equals(ids.get(topic.getKey().spec().name())))
            .map(Map.Entry::getKey)
            .toList();
    if (!stale.isEmpty()) {
      LOG.warn("deleted or made anew by another: {}; writing it again", names(stale));
      restored.clear();
      content.forget();
    }
  }

  private static List<String> names(Collection<ShardTopic> topics) {
    return topics.stream().map(topic -> topic.spec().name()).distinct().toList();
  }

  private Step write(Difference difference) throws ExecutionException, InterruptedException {
    var snapshot = ownership.snapshot();
    if (!snapshot.owns(shard)) {
      release();
      return Step.WAITING;
    }
    if (snapshot.number() == refusedSnapshot) {
      return Step.WAITING;
    }
    var writer = producer.orElseThrow();
    writer.beginTransaction();
    try {
      difference.write(new Transaction(writer));
      writer.sendOffsetsToTransaction(
          Map.of(
              new TopicPartition(shardsTopic.name(), shard),
              new OffsetAndMetadata(difference.position())),
          snapshot.member());
      writer.commitTransaction();
    } catch (CommitFailedException e) {
      LOG.debug("shard {} of {}: position refused", shard, shardsTopic.name(), e);
      refusedSnapshot = snapshot.number();
      writer.abortTransaction();
      return Step.WAITING;
    }
    difference.committed();
    return Step.WRITTEN;
  }

  private void release() {
    producer.ifPresent(open -> open.close(Duration.ZERO));
    producer = Optional.empty();
    askedIds = Optional.empty();
    if (!restored.isEmpty()) {
      restored.clear();
      content.forget();
    }
  }

  @Override
  public void close() {
    release();
  }
}
