package io.portcullis.watcher;

import io.portcullis.cluster.KnownKind;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.Ownership;
import io.portcullis.topic.Shard;
import io.portcullis.topic.ShardExecutor;
import io.portcullis.topic.ShardGroup;
import io.portcullis.topic.ShardReconciler;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.publish.ClusterContent;
import io.portcullis.watcher.publish.KindReport;
import io.portcullis.watcher.publish.Published;
import io.portcullis.watcher.publish.SourceRecheck;
import io.portcullis.watcher.source.MissingPorts;
import io.portcullis.watcher.source.Source;
import io.portcullis.watcher.source.SourceEvent;
import io.portcullis.watcher.source.SourceState;
import io.portcullis.watcher.status.RolloutTracker;
import io.portcullis.watcher.status.StatusSink;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns all state of the watcher. One thread touches it.
 *
 * <pre>
 *   take in what the source shows --whole, and owner--> compare, write --> take in
 *        |  ^                     --lost for long--> leave the group --found--> join
 *        +--+ lost, or not owner: nothing is written
 * </pre>
 */
public final class WatcherLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WatcherLoop.class);
  private static final String GROUP = "portcullis-watcher";

  /** The wait while something is under way that is no event of the source. */
  private static final Duration WAIT = Duration.ofMillis(200);

  /** The wait while the topic is as wanted; it may still be deleted or made anew. */
  private static final Duration REST = Duration.ofSeconds(1);

  private static final Duration LONGEST_STALL = Duration.ofSeconds(15);
  private static final Duration LONGEST_LOSS = Duration.ofSeconds(30);

  private final Source source;
  private final TopicAdmin admin;
  private final Ownership ownership;
  private final Optional<StatusSink> status;
  private final Optional<RolloutTracker> rollout;
  private final SourceRecheck recheck;
  private final ClusterContent content;
  private final ShardExecutor executor = ShardExecutor.none();
  private final ShardReconciler shard;
  private final Thread worker;
  private volatile boolean closed;
  private volatile State state = State.STARTING;
  private volatile long turnedNanos = System.nanoTime();
  private final SourceState seen = new SourceState();
  private Optional<Long> lostSinceNanos = Optional.empty();
  private final ProblemLog problemLog = new ProblemLog();
  private final RefusedObjects refused = new RefusedObjects();
  private Map<ObjectKey, MissingPorts> missingPorts = Map.of();
  private Map<ObjectKey, String> inForce = Map.of();
  private List<KindReport> kinds = List.of();
  private List<KindReport> toldKinds = List.of();

  /**
   * The state of the loop when it last turned.
   *
   * @param owner whether this process writes the cluster topic
   * @param whole whether the source has been read to its end once
   * @param lost why the source cannot be read now
   * @param kafka why Kafka cannot be reached now
   * @param overloaded whether the brokers take long
   * @param problems of the source's objects
   * @param kinds that cannot be read, so that their objects stay as they were
   */
  public record State(
      boolean owner,
      boolean whole,
      Optional<String> lost,
      Optional<String> kafka,
      boolean overloaded,
      List<Problem> problems,
      List<KindReport> kinds) {
    private static final State STARTING =
        new State(
            false, false, Optional.of("starting"), Optional.empty(), false, List.of(), List.of());
  }

  /**
   * Where cluster objects come from, and who hears what becomes of them.
   *
   * @param kind of the source, as the cluster topic names it
   * @param status empty if the source has no place for it
   */
  public record Input(String kind, Source source, Optional<StatusSink> status) {}

  /** Starts the loop, which closes its input at the end. */
  public WatcherLoop(KafkaSettings settings, Input input, LongSupplier clockMicros) {
    this.source = input.source();
    this.recheck = new SourceRecheck(source);
    this.status = input.status();
    this.admin = new TopicAdmin(settings);
    this.ownership =
        new Ownership(settings, admin, GROUP, Topics.watchers(), LONGEST_STALL, () -> {});
    this.rollout = status.map(sink -> new RolloutTracker(new TopicReader(settings, admin), sink));
    this.content =
        new ClusterContent(
            new ClusterContent.Input(input.kind(), seen, recheck),
            clockMicros,
            rollout.<Published>map(r -> r).orElse(Published.NOBODY));
    this.shard =
        new ShardReconciler(
            new ShardGroup(settings, admin, ownership, executor),
            new Shard(Topics.watchers(), 0, GROUP),
            content);
    this.worker = Thread.ofPlatform().name("watcher").start(this::run);
  }

  private void run() {
    var wait = WAIT;
    while (!closed) {
      try {
        wait = turn(wait);
      } catch (InterruptedException _) {
        closed = true;
      } catch (RuntimeException e) {
        LOG.error("the watcher failed; trying again", e);
        wait = WAIT;
      }
      turnedNanos = System.nanoTime();
    }
    shard.close();
    status.ifPresent(StatusSink::close);
    source.close();
  }

  /** Goes on as far as it can, and returns how long the next turn may wait for an event. */
  private Duration turn(Duration wait) throws InterruptedException {
    ownership.working();
    source.next(wait).ifPresent(this::take);
    leaveOrJoin();
    recheck.advance();
    reportKinds(); // before objects of a removed kind go
    content.catchUp();
    var step = shard.step();
    report();
    return switch (step) {
      case WRITTEN -> Duration.ZERO;
      case WAITING, WORKING -> WAIT;
      case EQUAL -> untilNextTurn();
    };
  }

  private Duration untilNextTurn() {
    if (recheck.isPending() || seen.lost().isPresent()) {
      return WAIT;
    }
    return Collections.min(List.of(REST, content.untilHeartbeat()));
  }

  private void report() {
    var isOwner = ownership.snapshot().owns(0);
    status.ifPresent(sink -> sink.own(isOwner));
    reportMissingPorts();
    refused.update(seen, content.settled());
    reportInForce();
    var problems = problems();
    if (!isOwner || refused.isTold(seen)) {
      problemLog.update(problems);
    }
    state =
        new State(
            isOwner,
            seen.isWhole(),
            seen.lost().map(SourceEvent.Lost::reason),
            ownership.trouble().or(shard::failure),
            executor.isOverloaded(),
            problems,
            kinds.stream().filter(report -> !report.isRemoval()).toList());
  }

  private List<Problem> problems() {
    var ofKinds = kinds.stream().filter(report -> !report.isRemoval()).map(KindReport::problem);
    var others = Stream.concat(content.tooLarge().stream(), ofKinds).toList();
    return others.isEmpty()
        ? refused.problems(seen)
        : Stream.concat(refused.problems(seen).stream(), others.stream()).sorted().toList();
  }

  private void reportInForce() {
    if (!inForce.equals(refused.inForce())) {
      inForce = Map.copyOf(refused.inForce());
      status.ifPresent(sink -> sink.inForce(inForce));
    }
  }

  private void reportKinds() {
    kinds = content.kindReports();
    var withObjects = content.isKnown() ? kinds : List.<KindReport>of();
    if (!withObjects.equals(toldKinds)) {
      toldKinds = withObjects;
      status.ifPresent(sink -> sink.kinds(withObjects));
      withObjects.stream()
          .filter(KindReport::isRemoval)
          .forEach(report -> LOG.warn("{}: {}", report.kind().kind(), report.text()));
    }
  }

  private void reportMissingPorts() {
    if (!missingPorts.equals(seen.missingPorts())) {
      missingPorts = Map.copyOf(seen.missingPorts());
      status.ifPresent(sink -> sink.missingPorts(missingPorts));
    }
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

  /** Leaves the group if the source is lost for long: another watcher may still read it. */
  private void leaveOrJoin() {
    if (seen.lost().isEmpty()) {
      ownership.join();
    } else if (lostSinceNanos
        .filter(since -> System.nanoTime() - since > LONGEST_LOSS.toNanos())
        .isPresent()) {
      ownership.leave();
    }
  }

  /** Returns what the loop was at when it last turned. */
  public State state() {
    return state;
  }

  /** Returns the number of problems of this severity. */
  public long problems(Severity severity) {
    return state.problems().stream().filter(problem -> problem.severity() == severity).count();
  }

  /** Tells whether a kind is in this state, and operators must know it. */
  public boolean isReported(Kind kind, KnownKind.State as) {
    return state.kinds().stream()
        .anyMatch(report -> report.kind() == kind && report.known().state() == as);
  }

  /** Returns how long ago the loop last turned. */
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
