package io.portcullis.agent;

import io.portcullis.agent.connections.LiveConnections;
import io.portcullis.agent.drift.DriftLog;
import io.portcullis.agent.enforce.EnforcedTable;
import io.portcullis.agent.enforce.Enforcement;
import io.portcullis.agent.enforce.InheritedTable;
import io.portcullis.agent.enforce.LinkWatch;
import io.portcullis.agent.enforce.PendingVersion;
import io.portcullis.agent.enforce.Programmed;
import io.portcullis.agent.enforce.TableCheck;
import io.portcullis.agent.follow.NodeTopics;
import io.portcullis.agent.follow.NodeTopics.Came;
import io.portcullis.agent.follow.VersionIntake;
import io.portcullis.agent.follow.VersionIntake.Taken;
import io.portcullis.agent.guard.GuardMode;
import io.portcullis.agent.guard.GuardView;
import io.portcullis.agent.guard.HeartbeatReader;
import io.portcullis.agent.guard.PodGuard;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.links.PodLinks;
import io.portcullis.agent.netlink.NodeLock;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.status.AgentStatus;
import io.portcullis.agent.status.Clock;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.agent.status.Observer;
import io.portcullis.agent.status.StatusTracker;
import io.portcullis.agent.version.Version;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.Stamp;
import io.portcullis.topic.KafkaSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns all that changes in the agent; its one thread restores, verifies, programs, watches and
 * reports. It never waits for the broker.
 *
 * <pre>
 *   {@link #waitForLock} of the node, which another agent may have
 *     |
 *     v
 *   {@link #look} what an earlier agent left in the kernel
 *     |
 *     v
 *   restoring --Restored--> following --Changes--+
 *     ^   ^                     ^                |
 *     |   |                     |                v
 *     |   +-Restore-- {@link VersionIntake} <-----------+
 *     |                 |       |
 *     |            Refused    Verified--> {@link #enforce} --> {@link #report}
 *     |                 |                  ^   |
 *     +--after a while--+                  +---+ failed: after a while
 * </pre>
 *
 * <p>Between any two of them it {@link #watch}es what the kernel holds. Whatever fails, the kernel
 * keeps that. Other threads read {@link #status}.
 */
public final class EnforcerAgent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EnforcerAgent.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);

  private final Setup setup;
  private final Observer observer;
  private final StatusTracker standing;
  private final Enforcement enforcement;
  private final LiveConnections connections;
  private final VersionIntake intake;
  private final Optional<HeartbeatReader> heartbeat;
  private final PodGuard newPods;
  private final EnforcedTable table;
  private final Thread thread;
  private volatile long turnedNanos = System.nanoTime();
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean closed;

  /**
   * What an agent reads.
   *
   * @param topic of the node's rule set
   * @param links of local pods
   * @param guard of new pods
   */
  record Setup(
      String node, String topic, KafkaSettings kafka, LinkWatch links, PodGuard.Setting guard) {}

  /**
   * Starts the thread, in the network namespace of the calling one.
   *
   * @param connections those that live on when a version changes; closed with this
   * @param reports takes what is to be answered; it must not wait
   */
  EnforcerAgent(
      Setup setup,
      EnforcedTable table,
      LiveConnections connections,
      Observer observer,
      Consumer<AgentStatus> reports) {
    this.setup = setup;
    this.observer = observer;
    this.enforcement = new Enforcement(table);
    this.connections = connections;
    this.standing =
        new StatusTracker(AgentStatus.starting(setup.node(), table.way()), setup.topic(), reports);
    this.intake = new VersionIntake(standing, observer);
    this.table = table;
    this.heartbeat =
        setup.guard().mode() == GuardMode.ISOLATE
            ? Optional.of(new HeartbeatReader(setup.kafka(), this::shard))
            : Optional.empty();
    this.newPods =
        new PodGuard(setup.guard(), () -> heartbeat.map(HeartbeatReader::changes).orElse(0L));
    if (newPods.first() != GuardLease.NONE) {
      table.promise(newPods.first());
    }
    this.thread = Thread.ofPlatform().name("enforcer").daemon().start(this::run);
  }

  /** What is to be said of it now. */
  public AgentStatus status() {
    return standing.status();
  }

  /** Whether the loop goes on; it ends with {@link #close} only, or by an error of the machine. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  /** What others did to the kernel's table. */
  public DriftLog drifts() {
    return enforcement.repair().drifts();
  }

  /** What became of connections that lived on. */
  public LiveConnections connections() {
    return connections;
  }

  /** The links of local pods that were found last. */
  public PodLinks links() {
    return setup.links().found();
  }

  private OptionalInt shard() {
    var marker = status().enforced().flatMap(EnforcedVersion::marker);
    return marker.isPresent()
        ? OptionalInt.of(marker.get().compilation().shard().index())
        : OptionalInt.empty();
  }

  /** The guard of new pods (C1). */
  public GuardView guard() {
    return new GuardView(
        setup.guard().mode(),
        table.guard(),
        table.openFor(),
        heartbeat.flatMap(HeartbeatReader::changed),
        heartbeat.flatMap(HeartbeatReader::trouble));
  }

  /** Why those links are not known, as long as that goes on. */
  public Optional<String> linksTrouble() {
    return setup.links().trouble();
  }

  /**
   * How long ago the loop turned, or the reader answered: ten times a second and twice a second,
   * unless the loop programs or the broker is slow.
   */
  public Duration sinceTurn() {
    var now = System.nanoTime();
    return Duration.ofNanos(Math.max(now - turnedNanos, now - heardNanos));
  }

  /** The stamp of the table that an agent before this one left. */
  private Optional<Stamp> look() {
    try {
      return switch (enforcement.inherited()) {
        case InheritedTable.Absent _ -> Optional.empty();
        case InheritedTable.Damaged(var stamp, var reason) -> {
          standing.failed(reason);
          yield stamp;
        }
        case InheritedTable.Whole(var version, var left) -> {
          standing.found(version);
          enforcement.takeOver(left);
          connections.enforced(version.rules());
          yield Optional.of(version.stamp());
        }
      };
    } catch (NftException e) {
      standing.failed(e.getMessage());
      return Optional.empty();
    }
  }

  private void run() {
    try (var lock = new NodeLock()) {
      waitForLock(lock);
      if (!closed) {
        look().ifPresent(intake::notBefore);
        readAndEnforce();
      }
    }
  }

  /** Two agents would undo each other's versions. */
  private void waitForLock(NodeLock lock) {
    while (!closed) {
      turned();
      try {
        if (lock.take()) {
          return;
        }
        standing.waiting("another agent enforces on this node");
      } catch (IOException e) {
        standing.waiting("the lock of the node cannot be taken: " + e.getMessage());
      }
      pause();
    }
  }

  /** Nobody is asked while the lock is waited for. */
  private void turned() {
    turnedNanos = System.nanoTime();
    heardNanos = turnedNanos;
  }

  private void readAndEnforce() {
    while (!closed) {
      turned();
      try (var sources = new NodeTopics(setup.kafka(), setup.topic())) {
        intake.restoring();
        follow(sources);
      } catch (RuntimeException e) {
        standing.failed(e);
        pause();
      }
    }
  }

  private void follow(NodeTopics sources) {
    while (!closed) {
      turnedNanos = System.nanoTime();
      sources.need(intake.needed());
      sources.next(BETWEEN_LOOKS).forEach(came -> take(came, sources));
      if (intake.isWorthRereading()) {
        restoreNode(sources);
      }
      standing.missing(intake.missing());
      enforcement.retryIfDue().ifPresent(this::settle);
      enforcement.hold(setup.links());
      enforcement.hold(newPods);
      watch();
    }
  }

  private void watch() {
    enforcement
        .check()
        .ifPresent(
            check -> {
              tell(check);
              standing.drift(enforcement.repair().trouble());
            });
  }

  private void tell(TableCheck check) {
    switch (check) {
      case TableCheck.Intact(var digest) -> standing.confirmed(digest);
      case TableCheck.Repaired(var drift, var digest) -> {
        observer.repaired(drift.took().orElseThrow());
        standing.repaired(drift);
        standing.confirmed(digest);
        status().enforced().ifPresent(held -> connections.enforced(held.rules()));
      }
      case TableCheck.Unrepaired _ -> {}
    }
  }

  private void restoreNode(NodeTopics sources) {
    sources.restoreNode();
    intake.restoring();
  }

  private void take(Came came, NodeTopics sources) {
    var received = Clock.micros();
    switch (came) {
      case Came.OfNode(var reading) -> {
        heardNanos = System.nanoTime();
        take(intake.take(reading), received, () -> restoreNode(sources));
      }
      case Came.OfSets sets ->
          take(intake.take(sets), received, () -> sources.restoreSets(sets.partition()));
    }
  }

  private void take(Taken taken, long received, Runnable restore) {
    switch (taken) {
      case Taken.Nothing _ -> {}
      case Taken.Restore _ -> restore.run();
      case Taken.Next(var version) -> enforce(version, received);
    }
  }

  private void enforce(Version version, long receivedMicros) {
    var status = status();
    var isThere =
        status
            .enforced()
            .filter(held -> held.marker().filter(version.marker()::equals).isPresent())
            .filter(held -> held.wide().equals(version.wide()))
            .filter(_ -> status.failure().isEmpty());
    if (isThere.isEmpty()) {
      settle(enforcement.enforce(new PendingVersion(version, receivedMicros, Clock.micros())));
    }
  }

  private void settle(Programmed result) {
    switch (result) {
      case Programmed.Committed committed -> {
        judgeConnections(committed);
        standing.committed(committed.enforced());
        if (!committed.plan().steps().isEmpty()) {
          observer.committed(committed.enforced(), committed.took());
        }
        log(committed);
        committed
            .enforced()
            .isolation()
            .ifPresent(part -> LOG.error("the version is in force {}", part));
      }
      case Programmed.Failed(var reason) -> {
        observer.failed();
        standing.failed(reason);
      }
    }
  }

  private void judgeConnections(Programmed.Committed committed) {
    var rules = committed.enforced().rules();
    status()
        .enforced()
        .ifPresentOrElse(
            before -> connections.enforced(before.rules(), rules, committed.plan().opens()),
            () -> connections.enforced(rules));
  }

  private static void log(Programmed.Committed committed) {
    var enforced = committed.enforced();
    var times = enforced.times();
    LOG.info(
        "version {} is in the kernel: digest={} records={} steps={} verifyMicros={}"
            + " programMicros={} sinceCompiledMicros={}",
        enforced.stamp().version(),
        enforced.stamp().digest().substring(0, 8),
        enforced.rules().size(),
        committed.plan().steps().stream().map(Plan.Step::name).toList(),
        times.verified() - times.received(),
        committed.took().toNanos() / 1_000,
        enforced.marker().map(m -> times.committed() - m.compiledMicros()).orElse(0L));
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops the loop; the kernel keeps what it holds. */
  @Override
  public void close() {
    closed = true;
    connections.close();
    heartbeat.ifPresent(HeartbeatReader::close);
    try {
      thread.join(LONGEST_CLOSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
