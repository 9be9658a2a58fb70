package io.portcullis.topic;

import io.portcullis.retry.Outage;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns shards for this process, which alone may write them then. A consumer group shares out the
 * partitions of a topic without records; a thread of its own polls, so that restoring and writing
 * never cost membership. It stops polling when the worker makes no progress, so that a hung owner
 * loses its shards.
 *
 * <p>All methods may be called from any thread.
 */
public final class Ownership implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);

  /** A poll ends before that when there is something to do. */
  private static final Duration LONGEST_POLL = Duration.ofSeconds(1);

  /** How often a member that may not poll looks whether it may. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(3);

  private final KafkaSettings settings;
  private final TopicAdmin admin;
  private final String group;
  private final TopicSpec topic;
  private final Duration longestStall;
  private final Runnable changed;
  private final Confirmations confirmations;

  /** When each of those that work last made progress. */
  private final Map<Object, Long> workers = new ConcurrentHashMap<>();

  private final Thread poller;
  private volatile Optional<KafkaConsumer<String, byte[]>> polling = Optional.empty();
  private volatile OwnershipSnapshot snapshot = OwnershipSnapshot.NONE;
  private final Outage outage = new Outage();
  private volatile boolean joined = true;
  private volatile boolean closed;
  private long snapshots;

  /**
   * Joins the group.
   *
   * @param topic whose partitions are shared out; made here when it is missing
   * @param longestStall how long the worker may take without {@link #working}
   * @param changed called after each change of the snapshot
   */
  public Ownership(
      KafkaSettings settings,
      TopicAdmin admin,
      String group,
      TopicSpec topic,
      Duration longestStall,
      Runnable changed) {
    this.settings = settings;
    this.admin = admin;
    this.group = group;
    this.topic = topic;
    this.longestStall = longestStall;
    this.changed = changed;
    this.confirmations = new Confirmations(topic, longestStall);
    working();
    this.poller = Thread.ofPlatform().name("ownership").daemon().start(this::run);
  }

  /** Returns what is owned now. */
  public OwnershipSnapshot snapshot() {
    return snapshot;
  }

  /** Returns why the group cannot be reached now. */
  public Optional<String> trouble() {
    return outage.reason();
  }

  /** Takes from the worker that it makes progress. */
  public void working() {
    working(this);
  }

  /** Takes from one of several workers that it makes progress, until it {@link #rests}. */
  void working(Object worker) {
    workers.put(worker, System.nanoTime());
  }

  void rests(Object worker) {
    workers.remove(worker);
  }

  private boolean isStalled() {
    var now = System.nanoTime();
    return workers.values().stream().anyMatch(seen -> now - seen > longestStall.toNanos());
  }

  /** Leaves the group until {@link #join}. */
  public void leave() {
    if (joined) {
      joined = false;
      wakeUp();
    }
  }

  /** Joins the group again. */
  public void join() {
    joined = true;
  }

  /**
   * Asks whether the group still takes this snapshot's member for the shard's owner: a synchronous
   * commit of an offset, which the coordinator refuses from a stale member.
   */
  boolean confirm(OwnershipSnapshot asked, int shard) {
    return confirmations.ask(asked, shard, this::wakeUp);
  }

  /** Ends a poll that waits. */
  private void wakeUp() {
    polling.ifPresent(KafkaConsumer::wakeup);
  }

  private void run() {
    while (!closed) {
      try (var consumer =
          new KafkaConsumer<String, byte[]>(
              settings.member(group, Math.toIntExact(longestStall.toMillis())))) {
        polling = Optional.of(consumer);
        poll(consumer);
      } catch (KafkaException e) {
        report(reason(e));
        LOG.debug("group {}", group, e);
        pause(KafkaErrors.isRefusal(e) ? AFTER_REFUSAL : BETWEEN_TRIES);
      } catch (RuntimeException e) {
        LOG.error("group {}: the polling failed and begins again", group, e);
        report(e.toString());
        pause(BETWEEN_TRIES);
      } finally {
        polling = Optional.empty();
        publish(OwnershipSnapshot.NONE);
      }
    }
  }

  private void poll(KafkaConsumer<String, byte[]> consumer) {
    var subscribed = false;
    var ensured = System.nanoTime() - BETWEEN_TRIES.toNanos();
    var hearing = new BrokerLiveness(consumer, System::nanoTime);
    while (!closed) {
      if (!joined) {
        if (subscribed) {
          consumer.unsubscribe();
          subscribed = false;
          publish(OwnershipSnapshot.NONE);
        }
        pause(PAUSE);
        continue;
      }
      if (snapshot.shards().isEmpty() && System.nanoTime() - ensured >= BETWEEN_TRIES.toNanos()) {
        admin.ensureOnce(List.of(topic));
        ensured = System.nanoTime();
      }
      if (!subscribed) {
        consumer.subscribe(List.of(topic.name()), new Forgetful(consumer));
        subscribed = true;
      }
      if (isStalled()) {
        pause(PAUSE); // without polls the group takes the shards away after max.poll.interval.ms
        continue;
      }
      pollOnce(consumer);
      if (hearing.isHeard()) {
        outage.end();
      } else {
        report("no broker answers");
      }
      takeSnapshot(consumer);
      confirmations.answer(consumer, snapshot);
    }
  }

  private String reason(KafkaException e) {
    return e instanceof InvalidSessionTimeoutException
        ? settings.sessionRefused(admin.sessionLimits())
        : KafkaErrors.reason(e, "Read", Set.of(topic.name()));
  }

  private void report(String reason) {
    outage.report(reason, why -> LOG.warn("group {}: {}; trying again", group, why));
  }

  private void pollOnce(KafkaConsumer<String, byte[]> consumer) {
    try {
      consumer.poll(confirmations.isEmpty() ? LONGEST_POLL : Duration.ZERO);
    } catch (WakeupException _) {
      LOG.trace("woken");
    }
  }

  /** The member is read first: if it is stale already, so is what follows, and is refused. */
  private void takeSnapshot(KafkaConsumer<String, byte[]> consumer) {
    var member = consumer.groupMetadata();
    var shards =
        consumer.assignment().stream()
            .map(TopicPartition::partition)
            .collect(Collectors.toUnmodifiableSet());
    if (!snapshot.sameAs(member, shards)) {
      publish(new OwnershipSnapshot(++snapshots, member, shards));
    }
  }

  private void publish(OwnershipSnapshot next) {
    var before = snapshot;
    snapshot = next;
    if (before != next) {
      LOG.debug("group {}: shards {}", group, next.shards());
      changed.run();
    }
  }

  private void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException _) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    wakeUp();
    try {
      poller.join(Duration.ofSeconds(5));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Forgets what is taken away at once. What stays goes on as the member that it was owned by: if
   * that is stale, the coordinator refuses it until the next snapshot.
   */
  private final class Forgetful implements ConsumerRebalanceListener {
    private final KafkaConsumer<String, byte[]> consumer;

    private Forgetful(KafkaConsumer<String, byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      consumer.pause(partitions);
      consumer.wakeup(); // the poll would not end before its time, and the snapshot wait for it
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      var left = new HashSet<>(snapshot.shards());
      partitions.forEach(partition -> left.remove(partition.partition()));
      publish(new OwnershipSnapshot(++snapshots, snapshot.member(), Set.copyOf(left)));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      publish(OwnershipSnapshot.NONE);
    }
  }
}
