package io.portcullis.agent;

import io.portcullis.agent.cni.ResultCache;
import io.portcullis.agent.connections.LiveConnections;
import io.portcullis.agent.drift.DriftLog;
import io.portcullis.agent.enforce.EnforcedTable;
import io.portcullis.agent.enforce.Enforcement;
import io.portcullis.agent.enforce.LinkWatch;
import io.portcullis.agent.enforce.PendingVersion;
import io.portcullis.agent.follow.NodeTopics;
import io.portcullis.agent.follow.NodeTopics.Arrival;
import io.portcullis.agent.follow.VersionIntake;
import io.portcullis.agent.follow.VersionIntake.Decision;
import io.portcullis.agent.guard.GuardMode;
import io.portcullis.agent.guard.GuardView;
import io.portcullis.agent.guard.HeartbeatReader;
import io.portcullis.agent.guard.PodGuard;
import io.portcullis.agent.links.GuardScope;
import io.portcullis.agent.links.PodLinks;
import io.portcullis.agent.netlink.KernelEvents;
import io.portcullis.agent.netlink.NodeLock;
import io.portcullis.agent.state.NodeState;
import io.portcullis.agent.status.AgentStatus;
import io.portcullis.agent.status.Clock;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.agent.status.Observer;
import io.portcullis.agent.status.StatusTracker;
import io.portcullis.agent.version.Version;
import io.portcullis.topic.KafkaSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Owns all that changes in the agent; its one thread restores, verifies, programs, watches and
 * reports. It never waits for the broker.
 *
 * <pre>
 *   {@link #waitForLock} of the node, which another agent may have
 *     |
 *     v
 *   {@link FirstTable} of an earlier agent, or of the node's disk
 *     |
 *     v
 *   restoring --Restored--> following --Changes--+
 *     ^   ^                     ^                |
 *     |   |                     |                v
 *     |   +-Restore-- {@link VersionIntake} <-----------+
 *     |                 |       |
 *     |            Refused    Verified--> {@link #enforce} --> {@link EnforcementResults}
 *     |                 |                  ^   |
 *     +--after a while--+                  +---+ failed: after a while
 * </pre>
 *
 * <p>In between, {@link #readBack} compares what the kernel holds. Whatever fails, the kernel keeps
 * its rules. Other threads read {@link #status}.
 */
public final class EnforcerAgent implements AutoCloseable {
  /** Whatever is due is not late by more, though nothing happens. */
  private static final Duration AT_REST = Duration.ofSeconds(1);

  /**
   * The kernel is asked so often while something is open, or where it does not say what changes.
   */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);

  private final Setup setup;
  private final EnforcedTable table;
  private final StatusTracker tracker;
  private final Enforcement enforcement;
  private final EnforcementResults results;
  private final VersionIntake intake;
  private final Optional<HeartbeatReader> heartbeat;
  private final PodGuard podGuard;
  private final AfterBoot afterBoot;
  private final Signal signal = new Signal();
  private final Thread thread;
  private volatile long turnedNanos = System.nanoTime();
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean closed;

  /**
   * What an agent reads.
   *
   * @param topic of the node's rule set
   * @param links of local pods
   * @param pods that the node's container runtime has; closed with the agent
   * @param events of the kernel, where it can be listened to; closed with the agent
   * @param guard of new pods
   * @param state on the node's disk; closed with the agent
   */
  record Setup(
      String node,
      String topic,
      KafkaSettings kafka,
      LinkWatch links,
      ResultCache pods,
      Optional<KernelEvents> events,
      PodGuard.Setting guard,
      NodeState state) {}

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
    this.table = table;
    this.enforcement = new Enforcement(table);
    this.tracker =
        new StatusTracker(AgentStatus.starting(setup.node(), table.way()), setup.topic(), reports);
    this.results = new EnforcementResults(connections, tracker, observer, setup.state());
    this.intake = new VersionIntake(tracker, observer);
    this.afterBoot = new AfterBoot(this::heartbeats, setup.pods()::whole, System::nanoTime);
    this.heartbeat =
        setup.guard().mode() == GuardMode.OFF
            ? Optional.empty()
            : Optional.of(new HeartbeatReader(setup.kafka(), this::shard, signal::raise));
    this.podGuard = new PodGuard(setup.guard(), this::heartbeats);
    setup.events().ifPresent(events -> events.start(table::closeIfGone, signal::raise));
    setup.pods().start(signal::raise);
    this.thread = Thread.ofPlatform().name("enforcer").daemon().start(this::run);
  }

  /** Returns the agent's present status. */
  public AgentStatus status() {
    return tracker.status();
  }

  /** Tells whether the loop runs; only {@link #close} or an error of the machine ends it. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  /** Returns what others did to the kernel's table. */
  public DriftLog drifts() {
    return enforcement.repair().drifts();
  }

  /** Returns what became of connections that lived on. */
  public LiveConnections connections() {
    return results.connections();
  }

  /** Returns the links of local pods that were found last. */
  public PodLinks links() {
    return setup.links().found();
  }

  /** Returns why the links of local pods are not known, as long as that goes on. */
  public Optional<String> linksTrouble() {
    return setup.links().trouble();
  }

  /** Returns where new pods are guarded (C1). */
  public GuardScope guardScope() {
    return setup.links().guarded();
  }

  /** Returns the guard of new pods (C1). */
  public GuardView guard() {
    return new GuardView(
        setup.guard().mode(),
        table.guard(),
        new GuardView.KnownPods(setup.links().known().size(), setup.pods().trouble()),
        table.openFor(),
        heartbeat.flatMap(HeartbeatReader::changed),
        heartbeat.flatMap(HeartbeatReader::trouble));
  }

  /**
   * Returns how long ago the loop turned or the reader of the node's topic answered, whichever is
   * longer: two seconds at most, unless the kernel or the broker is slow.
   */
  public Duration sinceTurn() {
    var now = System.nanoTime();
    return Duration.ofNanos(Math.max(now - turnedNanos, now - heardNanos));
  }

  /** Returns why the state on the node's disk cannot be kept, as long as that goes on. */
  public Optional<String> stateTrouble() {
    return setup.state().trouble();
  }

  private long heartbeats() {
    return heartbeat.map(HeartbeatReader::changes).orElse(0L);
  }

  private OptionalInt shard() {
    return status()
        .enforced()
        .flatMap(EnforcedVersion::marker)
        .or(afterBoot::heldBack)
        .map(marker -> marker.compilation().shard().index())
        .map(OptionalInt::of)
        .orElseGet(OptionalInt::empty);
  }

  private void run() {
    try (var lock = new NodeLock()) {
      waitForLock(lock);
      if (!closed) {
        turned();
        new FirstTable(table, enforcement, results, tracker, intake, setup.state()).takeOver();
        if (status().faults().isClosedSinceBoot()) {
          afterBoot.begin();
        }
        restoreAndFollow();
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
        tracker.waiting("another agent enforces on this node");
      } catch (IOException e) {
        tracker.waiting("the lock of the node cannot be taken: " + e.getMessage());
      }
      signal.await(PAUSE);
    }
  }

  /** The loop turns, and no reader can have answered. */
  private void turned() {
    turnedNanos = System.nanoTime();
    heardNanos = turnedNanos;
  }

  private void restoreAndFollow() {
    while (!closed) {
      turned();
      try (var topics = new NodeTopics(setup.kafka(), setup.topic(), signal::raise)) {
        intake.restoring();
        follow(topics);
      } catch (RuntimeException e) {
        tracker.failed(e);
        signal.await(PAUSE);
      }
    }
  }

  private void follow(NodeTopics topics) {
    while (!closed) {
      turnedNanos = System.nanoTime();
      topics.read(intake.needed());
      signal.await(longestWait());
      readBack(); // first: what others removed is not enforced until then
      topics.arrivals().forEach(arrival -> verify(arrival, topics));
      reread(topics);
      enforcement.retryIfDue().ifPresent(results::programmed);
      enforcement.hold(setup.links());
      enforcement.hold(podGuard);
      setup.state().lease(table.guard());
      enforcement.settle(connections().settled());
    }
  }

  private Duration longestWait() {
    if (enforcement.isCheckDue()) {
      return Duration.ZERO; // changed while a transaction of our own kept it from being noticed
    }
    var isTold = setup.events().filter(KernelEvents::areNoticed).isPresent();
    if (isTold && enforcement.isAtRest(setup.links())) {
      return AT_REST;
    }
    var rest = enforcement.rest();
    return rest.isPositive() && rest.compareTo(BETWEEN_LOOKS) < 0 ? rest : BETWEEN_LOOKS;
  }

  private void verify(Arrival arrival, NodeTopics topics) {
    var received = Clock.micros();
    switch (arrival) {
      case Arrival.OfNode(var reading) -> {
        heardNanos = System.nanoTime();
        act(intake.take(reading), received, () -> restoreNode(topics));
      }
      case Arrival.OfSets sets ->
          act(intake.take(sets), received, () -> topics.restoreSets(sets.partition()));
    }
  }

  private void act(Decision decision, long receivedMicros, Runnable restore) {
    switch (decision) {
      case Decision.Nothing _ -> {}
      case Decision.Restore _ -> restore.run();
      case Decision.Enforce(var version) -> enforce(version, receivedMicros);
    }
  }

  private void enforce(Version version, long receivedMicros) {
    if (!status().holds(version) && !afterBoot.holdsBack(version)) {
      results.programmed(
          enforcement.enforce(new PendingVersion(version, receivedMicros, Clock.micros())));
    }
  }

  private void restoreNode(NodeTopics topics) {
    topics.restoreNode();
    intake.restoring();
  }

  private void reread(NodeTopics topics) {
    if (afterBoot.ends(table.guard()) || intake.isWorthRereading()) {
      restoreNode(topics);
    }
    tracker.missing(intake.missing());
  }

  private void readBack() {
    enforcement.check().ifPresent(check -> results.readBack(check, enforcement.repair().trouble()));
  }

  /** Stops the loop; the kernel keeps what it holds. */
  @Override
  public void close() {
    closed = true;
    signal.raise();
    connections().close();
    heartbeat.ifPresent(HeartbeatReader::close);
    try {
      thread.join(LONGEST_CLOSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    setup.pods().close();
    setup.state().close();
    setup.events().ifPresent(KernelEvents::close);
  }
}
