package io.portcullis.compiler;

import io.portcullis.compiler.publish.CompiledCluster;
import io.portcullis.compiler.publish.NodeShard;
import io.portcullis.compiler.publish.VersionSettings;
import io.portcullis.compiler.replica.ClusterReplica;
import io.portcullis.policy.explain.LiveExplainer;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.Ownership;
import io.portcullis.topic.Shard;
import io.portcullis.topic.ShardExecutor;
import io.portcullis.topic.ShardGroup;
import io.portcullis.topic.ShardReconciler;
import io.portcullis.topic.ShardReconciler.Step;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicFollower;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the compiler's state, which only its thread touches.
 *
 * <pre>
 *   read the cluster topic --whole--> compile; join the group; for each owned shard: diff, begin to write --> read on
 *          |  ^
 *          +--+ not whole: nothing is compiled, nothing is written
 * </pre>
 *
 * <p>While one shard waits for the broker, the loop goes on with the others. What changes meanwhile
 * becomes that shard's next batch.
 */
public final class CompilerLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CompilerLoop.class);
  private static final String GROUP = "portcullis-compiler";

  /**
   * How long the loop waits while something is left to do. Events of the topic and of shards end a
   * wait.
   */
  private static final Duration WAIT = Duration.ofMillis(200);

  private static final Duration WAIT_AT_REST = Duration.ofSeconds(1);

  /** A transaction is mostly work of this process and of the brokers. */
  private static final int TRANSACTIONS_PER_PROCESSOR = 4;

  private static final ShardExecutor.Limits LIMITS =
      new ShardExecutor.Limits(
          500, 8, 2, TRANSACTIONS_PER_PROCESSOR * Runtime.getRuntime().availableProcessors(), 400);

  private static final Duration MAX_STALL = Duration.ofSeconds(15);

  private final TopicAdmin admin;
  private final TopicFollower follower;
  private final ClusterReplica replica = new ClusterReplica();
  private final CompiledCluster compiled;
  private final Ownership ownership;
  private final GroupJoiner joiner;
  private final ShardExecutor executor;
  private final List<NodeShard> contents;
  private final List<ShardReconciler> shards;

  /** The order of the shards. The one that wrote longest ago comes first. */
  private final Deque<Integer> order = new ArrayDeque<>();

  /** The shards that a pod waits for, the one that it has waited for longest first. */
  private final SequencedSet<Integer> awaited = new LinkedHashSet<>();

  private final Set<String> exemptNamespaces;
  private final Thread thread;
  private volatile boolean closed;
  private volatile State state = State.STARTING;
  private volatile Optional<LiveExplainer> explainer = Optional.empty();
  private volatile long progressNanos = System.nanoTime();

  /**
   * The loop's state after its last round.
   *
   * @param unavailable why the cluster topic cannot be read
   * @param unreadable the records of the cluster topic that cannot be read, with the reason
   * @param failures the shards and nodes that cannot be written now, with the reason
   * @param conflicts the addresses that two counted pods have (T11)
   * @param overloaded whether the brokers take long, so that less is written at once
   * @param behind how many nodes and wide sets of the owned shards may need another version
   */
  public record State(
      boolean whole,
      String clusterTopicId,
      long clusterPosition,
      Set<Integer> ownedShards,
      Optional<String> unavailable,
      Map<String, String> unreadable,
      Map<String, String> failures,
      List<String> conflicts,
      boolean overloaded,
      int behind) {
    private static final State STARTING =
        new State(
            false,
            "",
            0,
            Set.of(),
            Optional.of("starting"),
            Map.of(),
            Map.of(),
            List.of(),
            false,
            0);
  }

  public CompilerLoop(
      KafkaSettings settings,
      VersionSettings versions,
      Set<String> exemptNamespaces,
      LongSupplier clockMicros) {
    this.exemptNamespaces = Set.copyOf(exemptNamespaces);
    this.admin = new TopicAdmin(settings);
    this.follower = new TopicFollower(settings, admin, Topics.cluster().name());
    this.compiled = new CompiledCluster(replica, exemptNamespaces, versions.widePolicy());
    this.ownership =
        new Ownership(settings, admin, GROUP, Topics.shards(), MAX_STALL, follower::wakeup);
    this.joiner = new GroupJoiner(admin, GROUP, ownership, this::knowsTheTopics);
    this.executor = ShardExecutor.threads(LIMITS, follower::wakeup);
    this.contents =
        IntStream.range(0, Topics.SHARDS)
            .mapToObj(shard -> new NodeShard(shard, compiled, versions, clockMicros))
            .toList();
    var group = new ShardGroup(settings, admin, ownership, executor);
    this.shards =
        IntStream.range(0, Topics.SHARDS)
            .mapToObj(
                shard ->
                    new ShardReconciler(
                        group,
                        new Shard(Topics.shards(), shard, GROUP + "-" + shard),
                        contents.get(shard)))
            .toList();
    IntStream.range(0, Topics.SHARDS).forEach(order::add);
    this.thread = Thread.ofPlatform().name("compiler").start(this::run);
  }

  private void run() {
    var wait = WAIT;
    while (!closed) {
      try {
        wait = round(wait);
      } catch (RuntimeException e) {
        LOG.error("the compiler failed; it reads the cluster again", e);
        follower.restore();
        wait = WAIT;
        pause();
      }
      progressNanos = System.nanoTime();
    }
    shards.forEach(ShardReconciler::close);
  }

  /** Goes around once, and returns how long the next round may wait for an event. */
  private Duration round(Duration wait) {
    ownership.working();
    switch (replica.apply(follower.poll(wait))) {
      case CONTINUE -> {}
      case RESTORE -> follower.restore();
    }
    awaited.addAll(compiled.catchUp());
    var next = new LinkedHashSet<>(awaited);
    next.addAll(order);
    contents.forEach(NodeShard::catchUp);
    if (replica.whole()) {
      joiner.joinIfDue();
    }
    var steps = EnumSet.noneOf(Step.class);
    var owned = ownership.snapshot();
    for (var shard : next) {
      var step = shards.get(shard).step();
      if (step == Step.WRITTEN) {
        order.remove(shard);
        order.addLast(shard);
      }
      if (step == Step.WRITTEN || step == Step.EQUAL || !owned.owns(shard)) {
        awaited.remove(shard);
      }
      if (owned.owns(shard) || step == Step.WORKING) {
        steps.add(step);
      }
    }
    publishState();
    return nextWait(steps);
  }

  private Duration nextWait(Set<Step> steps) {
    if (steps.contains(Step.WRITTEN)) {
      return Duration.ZERO;
    }
    if (!joiner.hasJoined() || steps.contains(Step.WAITING) || steps.contains(Step.WORKING)) {
      return WAIT;
    }
    return contents.stream()
        .flatMap(shard -> shard.untilBeat().stream())
        .reduce(WAIT_AT_REST, (a, b) -> a.compareTo(b) < 0 ? a : b)
        .plusMillis(1);
  }

  private void publishState() {
    explainer =
        replica.whole()
            ? Optional.of(new LiveExplainer(compiled.cluster(), exemptNamespaces))
            : Optional.empty();
    state =
        new State(
            replica.whole(),
            replica.topicId(),
            replica.position(),
            ownership.snapshot().shards(),
            replica.unavailable().or(ownership::trouble),
            replica.unreadable(),
            failures(),
            compiled.conflicts().stream()
                .map(c -> c.address() + ": " + c.winner().key() + " before " + c.loser().key())
                .toList(),
            executor.isOverloaded(),
            contents.stream().mapToInt(NodeShard::behind).sum());
  }

  private boolean knowsTheTopics() {
    return IntStream.range(0, shards.size())
        .allMatch(shard -> shards.get(shard).hasFollowed() || !contents.get(shard).hasMembers());
  }

  private SortedMap<String, String> failures() {
    var failures = new TreeMap<String, String>();
    contents.forEach(
        shard -> shard.failures().forEach((node, why) -> failures.put("node " + node, why)));
    for (var shard = 0; shard < shards.size(); shard++) {
      var name = "shard " + shard;
      shards.get(shard).failure().ifPresent(why -> failures.put(name, why));
    }
    return Collections.unmodifiableSortedMap(failures);
  }

  private static void pause() {
    try {
      Thread.sleep(WAIT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  public State state() {
    return state;
  }

  /** Explains the cluster as of the last round; empty before the cluster is whole. */
  public Optional<LiveExplainer> explainer() {
    return explainer;
  }

  /** Returns how often a shard was taken over since the start, by this process from itself too. */
  long takeOvers() {
    return executor.takeOvers();
  }

  /** Returns how long ago the last round ended. */
  public Duration sinceProgress() {
    return Duration.ofNanos(System.nanoTime() - progressNanos);
  }

  @Override
  public void close() {
    closed = true;
    follower.wakeup();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    ownership.close();
    executor.close();
    follower.close();
    admin.close();
  }
}
