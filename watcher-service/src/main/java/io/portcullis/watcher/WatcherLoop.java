package io.portcullis.watcher;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.Ownership;
import io.portcullis.topic.Shard;
import io.portcullis.topic.ShardExecutor;
import io.portcullis.topic.ShardGroup;
import io.portcullis.topic.ShardReconciler;
import io.portcullis.topic.ShardReconciler.Step;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import io.portcullis.watcher.publish.ClusterContent;
import io.portcullis.watcher.publish.Published;
import io.portcullis.watcher.source.MissingPorts;
import io.portcullis.watcher.source.Source;
import io.portcullis.watcher.source.SourceEvent;
import io.portcullis.watcher.source.SourceState;
import io.portcullis.watcher.status.RolloutTracker;
import io.portcullis.watcher.status.StatusSink;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns all that the watcher knows; one thread touches it.
 *
 * <pre>
 *   take in what the source shows --whole, and owner--> diff, write --> take in
 *        |  ^                     --lost for long--> leave the group --whole again--> join
 *        +--+ lost, or not owner: nothing is written
 * </pre>
 */
public final class WatcherLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WatcherLoop.class);
  private static final String GROUP = "portcullis-watcher";
  private static final Duration WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_STALL = Duration.ofSeconds(15);
  private static final Duration LONGEST_LOSS = Duration.ofSeconds(30);

  private final Source source;
  private final TopicAdmin admin;
  private final Ownership ownership;
  private final Optional<StatusSink> status;
  private final Optional<RolloutTracker> rollout;
  private final ClusterContent content;
  private final ShardReconciler shard;
  private final Thread worker;
  private volatile boolean closed;
  private volatile State state = State.STARTING;
  private volatile long turnedNanos = System.nanoTime();
  private final SourceState seen = new SourceState();
  private Optional<Long> lostSinceNanos = Optional.empty();
  private Set<Problem> told = Set.of();
  private Map<ObjectKey, MissingPorts> unmet = Map.of();
  private Optional<Look> look = Optional.empty();

  private record Look(long doubt, BooleanSupplier isDone) {}

  /**
   * What the loop was at when it last turned.
   *
   * @param owner whether this process is the one that writes
   * @param whole whether the source was read to its end once
   * @param lost why it cannot be read now
   * @param kafka why Kafka cannot be reached now
   * @param problems what is wrong with its objects
   */
  public record State(
      boolean owner,
      boolean whole,
      Optional<String> lost,
      Optional<String> kafka,
      List<Problem> problems) {
    private static final State STARTING =
        new State(false, false, Optional.of("starting"), Optional.empty(), List.of());
  }

  /**
   * Where cluster objects come from, and where it is told what becomes of them.
   *
   * @param kind of source, as the cluster topic names it
   * @param status none where the source has no place for that
   */
  public record Input(String kind, Source source, Optional<StatusSink> status) {}

  /** Takes the input over and closes it at its own end. */
  public WatcherLoop(KafkaSettings settings, Input input, LongSupplier clockMicros) {
    this.source = input.source();
    this.status = input.status();
    this.admin = new TopicAdmin(settings);
    this.ownership =
        new Ownership(settings, admin, GROUP, Topics.watchers(), LONGEST_STALL, () -> {});
    this.rollout = status.map(sink -> new RolloutTracker(new TopicReader(settings, admin), sink));
    this.content =
        new ClusterContent(
            input.kind(),
            seen,
            clockMicros,
            rollout.<Published>map(r -> r).orElse(Published.NOBODY));
    this.shard =
        new ShardReconciler(
            new ShardGroup(settings, admin, ownership, ShardExecutor.none()),
            new Shard(Topics.watchers(), 0, GROUP),
            content);
    this.worker = Thread.ofPlatform().name("watcher").start(this::run);
  }

  private void run() {
    var busy = false;
    while (!closed) {
      try {
        busy = turn(busy ? Duration.ZERO : WAIT);
      } catch (InterruptedException _) {
        closed = true;
      } catch (RuntimeException e) {
        LOG.error("the watcher could not go on; trying again", e);
        busy = false;
      }
      turnedNanos = System.nanoTime();
    }
    shard.close();
    status.ifPresent(StatusSink::close);
    source.close();
  }

  private boolean turn(Duration wait) throws InterruptedException {
    ownership.working();
    source.next(wait).ifPresent(this::take);
    leaveOrJoin();
    lookAgain();
    var written = shard.step() == Step.WRITTEN;
    var isOwner = ownership.snapshot().owns(0);
    status.ifPresent(sink -> sink.own(isOwner));
    var problems =
        Stream.concat(seen.problems().stream(), content.tooLarge().stream()).sorted().toList();
    tell(problems);
    tellUnmet();
    state =
        new State(
            ownership.snapshot().owns(0),
            seen.isWhole(),
            seen.lost().map(SourceEvent.Lost::reason),
            ownership.trouble().or(shard::failure),
            problems);
    return written;
  }

  private void take(SourceEvent event) {
    seen.take(event);
    if (seen.lost().isEmpty()) {
      lostSinceNanos = Optional.empty();
    } else if (event instanceof SourceEvent.Lost(var reason, var forNanos)) {
      if (lostSinceNanos.isEmpty()) {
        LOG.warn("{}: {}; nothing is deleted", source.name(), reason);
        lostSinceNanos = Optional.of(System.nanoTime() - forNanos);
      }
    }
  }

  /** A watcher whose source is lost leaves its place to one that may still read it. */
  private void leaveOrJoin() {
    if (seen.lost().isEmpty()) {
      ownership.join();
    } else if (lostSinceNanos
        .filter(since -> System.nanoTime() - since > LONGEST_LOSS.toNanos())
        .isPresent()) {
      ownership.leave();
    }
  }

  /** Who comes to own the topic looks once more before it writes. */
  private void lookAgain() {
    var doubt = content.doubt();
    if (doubt.isEmpty()) {
      look = Optional.empty();
      return;
    }
    var number = doubt.getAsLong();
    if (look.filter(l -> l.doubt() == number).isEmpty()) {
      look = Optional.of(new Look(number, source.lookAgain()));
    }
    if (look.get().isDone().getAsBoolean()) {
      content.settle(number);
    }
  }

  private void tell(List<Problem> problems) {
    for (var problem : problems) {
      if (!told.contains(problem)) {
        switch (problem.severity()) {
          case ERROR -> LOG.error(problem.text());
          case WARNING -> LOG.warn(problem.text());
          case NOTE -> LOG.debug(problem.text());
        }
      }
    }
    told = new HashSet<>(problems);
  }

  private void tellUnmet() {
    if (!unmet.equals(seen.unmet())) {
      unmet = Map.copyOf(seen.unmet());
      status.ifPresent(sink -> sink.missingPorts(unmet));
    }
  }

  public State state() {
    return state;
  }

  /** How many objects have problems of this severity. */
  public long problems(Severity severity) {
    return state.problems().stream().filter(problem -> problem.severity() == severity).count();
  }

  /** How long ago the loop last turned. */
  public Duration sinceTurned() {
    return Duration.ofNanos(System.nanoTime() - turnedNanos);
  }

  @Override
  public void close() {
    closed = true;
    try {
      worker.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    rollout.ifPresent(RolloutTracker::close);
    ownership.close();
    admin.close();
  }
}
