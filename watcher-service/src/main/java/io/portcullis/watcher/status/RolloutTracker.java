package io.portcullis.watcher.status;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.retry.Backoff;
import io.portcullis.retry.Outage;
import io.portcullis.topic.KafkaErrors;
import io.portcullis.topic.TopicReader;
import io.portcullis.watcher.publish.Published;
import io.portcullis.watcher.status.RolloutReader.Wanted;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows policies of tiers on their way to the nodes, on a thread of its own. While a policy is
 * not on all nodes, topics are read again, more and more rarely. At other times nothing is read.
 */
public final class RolloutTracker implements Published, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RolloutTracker.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** A policy that arrives within this time is not reported to be on its way. */
  private static final Duration SOON = Duration.ofSeconds(5);

  private static final Set<String> TOPICS = Set.of("portcullis.progress", "portcullis.applied.*");

  private final Function<Set<Wanted>, Rollout> reader;
  private final StatusSink status;
  private final LongSupplier clockNanos;
  private final Semaphore news = new Semaphore(0);
  private final Thread thread;
  private final Outage outage = new Outage();

  /** The policies that are not known to be on all nodes; guarded by this. */
  private final Map<ObjectKey, OnTheWay> open = new HashMap<>();

  private record OnTheWay(Origin origin, String topicId, long position, long sinceNanos) {}

  /** Starts to follow what is published. */
  public RolloutTracker(TopicReader topics, StatusSink status) {
    this(new RolloutReader(topics)::read, status, System::nanoTime);
  }

  RolloutTracker(
      Function<Set<Wanted>, Rollout> reader, StatusSink status, LongSupplier clockNanos) {
    this.reader = reader;
    this.status = status;
    this.clockNanos = clockNanos;
    this.thread = Thread.ofVirtual().name("rollout").start(this::run);
  }

  @Override
  public synchronized void at(ClusterObject object, String topicId, long position) {
    if (object instanceof TieredPolicy policy) {
      open.put(
          policy.key(), new OnTheWay(policy.origin(), topicId, position, clockNanos.getAsLong()));
      news.release();
    }
  }

  @Override
  public synchronized void gone(ObjectKey key) {
    open.remove(key);
  }

  @Override
  public synchronized void forgotten() {
    open.clear();
  }

  private synchronized Map<ObjectKey, OnTheWay> open() {
    return Map.copyOf(open);
  }

  private synchronized void arrived(ObjectKey key, OnTheWay way) {
    open.remove(key, way);
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        news.acquire();
        followAll();
      }
    } catch (InterruptedException _) {
      LOG.debug("policies are not followed any more");
    }
  }

  private void followAll() throws InterruptedException {
    var again = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    while (!open().isEmpty()) {
      if (news.tryAcquire(again.lengthen().toMillis(), TimeUnit.MILLISECONDS)) {
        Thread.sleep(FIRST_PAUSE); // so that policies that come together are asked for together
        news.drainPermits();
        again.succeeded();
      }
      look();
    }
  }

  private void look() {
    try {
      var asked = open();
      var rollout =
          reader.apply(
              asked.values().stream()
                  .map(way -> new Wanted(way.topicId(), way.position()))
                  .collect(Collectors.toSet()));
      outage.end();
      asked.forEach(
          (key, way) -> {
            var reach = rollout.reach(way.topicId(), way.position());
            if (reach.isComplete()) {
              arrived(key, way);
            }
            if (reach.isComplete() || clockNanos.getAsLong() - way.sinceNanos() > SOON.toNanos()) {
              status.reached(key, way.origin(), reach);
            }
          });
    } catch (RuntimeException e) {
      LOG.debug("policies cannot be followed", e);
      outage.report(
          KafkaErrors.reason(e, "Read", TOPICS),
          why -> LOG.warn("policies' status does not say which nodes enforce them: {}", why));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
