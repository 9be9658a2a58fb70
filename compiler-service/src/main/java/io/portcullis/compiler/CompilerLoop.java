package io.portcullis.compiler;

import io.portcullis.compiler.publish.CompiledCluster;
import io.portcullis.compiler.publish.NodeShard;
import io.portcullis.compiler.publish.VersionSettings;
import io.portcullis.compiler.replica.ClusterReplica;
import io.portcullis.policy.explain.Explainer;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns all that the compiler knows; one thread touches it.
 *
 * <pre>
 *   read the cluster topic --whole--> join the group; for each owned shard: compile, diff, begin to write --> read on
 *          |  ^
 *          +--+ not whole: nothing is compiled, nothing is written
 * </pre>
 *
 * <p>While a shard waits for the broker the loop goes on with the others; what comes meanwhile is
 * that shard's next batch.
 */
public final class CompilerLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CompilerLoop.class);
  private static final String GROUP = "portcullis-compiler";
  private static final Duration WAIT = Duration.ofMillis(200);

  /** Topics; each is in memory meanwhile. */
  private static final int RESTORES_AT_ONCE = 500;

  /** No node waits for them. */
  private static final int FOLLOWS_AT_ONCE = 2;

  /** Node topics: with a transaction of each shard over fifty of them few would end in time. */
  private static final int WRITTEN_AT_ONCE = 400;

  /** Most of what a transaction takes is work of this process and of the brokers. */
  private static final int TRANSACTIONS_OF_A_PROCESSOR = 4;

  private static final Duration LONGEST_STALL = Duration.ofSeconds(15);

  private final TopicAdmin admin;
  private final TopicFollower follower;
  private final ClusterReplica reading = new ClusterReplica();
  private final CompiledCluster compiled;
  private final Ownership ownership;
  private final Joining joining;
  private final ShardExecutor background;
  private final List<NodeShard> contents;
  private final List<ShardReconciler> shards;

  /** When not all may write, who wrote longest ago comes first. */
  private final Deque<Integer> order = new ArrayDeque<>();

  private final Thread worker;
  private volatile boolean closed;
  private volatile State state = State.STARTING;
  private volatile Optional<Explainer> explainer = Optional.empty();
  private volatile long turnedNanos = System.nanoTime();

  /**
   * What the loop was at when it last turned.
   *
   * @param unavailable why the cluster topic cannot be read
   * @param unreadable records of the cluster topic with the reason
   * @param failures shards and nodes that cannot be written now, with the reason
   * @param conflicts addresses that two counted pods have (T11)
   */
  public record State(
      boolean whole,
      String clusterTopicId,
      long clusterPosition,
      Set<Integer> ownedShards,
      Optional<String> unavailable,
      Map<String, String> unreadable,
      Map<String, String> failures,
      List<String> conflicts) {
    private static final State STARTING =
        new State(false, "", 0, Set.of(), Optional.of("starting"), Map.of(), Map.of(), List.of());
  }

  public CompilerLoop(
      KafkaSettings settings,
      VersionSettings versions,
      Set<String> exemptNamespaces,
      LongSupplier clockMicros) {
    this.admin = new TopicAdmin(settings);
    this.follower = new TopicFollower(settings, admin, Topics.cluster().name());
    this.compiled = new CompiledCluster(reading, exemptNamespaces, versions.width());
    this.ownership =
        new Ownership(settings, admin, GROUP, Topics.shards(), LONGEST_STALL, follower::wakeup);
    this.joining = new Joining(admin, GROUP, ownership, this::knowsTheTopics);
    this.background =
        ShardExecutor.threads(
            RESTORES_AT_ONCE,
            FOLLOWS_AT_ONCE,
            TRANSACTIONS_OF_A_PROCESSOR * Runtime.getRuntime().availableProcessors(),
            WRITTEN_AT_ONCE,
            follower::wakeup);
    this.contents =
        IntStream.range(0, Topics.SHARDS)
            .mapToObj(shard -> new NodeShard(shard, compiled, versions, clockMicros))
            .toList();
    var group = new ShardGroup(settings, admin, ownership, background);
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
    this.worker = Thread.ofPlatform().name("compiler").start(this::run);
  }

  private void run() {
    var busy = false;
    while (!closed) {
      try {
        busy = turn(busy ? Duration.ZERO : WAIT);
      } catch (RuntimeException e) {
        LOG.error("the compiler could not go on; reading the cluster again", e);
        follower.restore();
        busy = false;
        pause();
      }
      turnedNanos = System.nanoTime();
    }
    shards.forEach(ShardReconciler::close);
  }

  private boolean turn(Duration wait) {
    ownership.working();
    switch (reading.apply(follower.poll(wait))) {
      case CONTINUE -> {}
      case RESTORE -> follower.restore();
    }
    var turns = new LinkedHashSet<>(compiled.catchUp());
    turns.addAll(order);
    if (reading.whole()) {
      joining.joinIfDue();
    }
    var written = false;
    for (var shard : turns) {
      if (shards.get(shard).step() == Step.WRITTEN) {
        order.remove(shard);
        order.addLast(shard);
        written = true;
      }
    }
    explainer = compiled.explainer();
    state =
        new State(
            reading.whole(),
            reading.topicId(),
            reading.position(),
            ownership.snapshot().shards(),
            reading.unavailable().or(ownership::trouble),
            reading.unreadable(),
            failures(),
            compiled.conflicts().stream()
                .map(c -> c.address() + ": " + c.winner().key() + " before " + c.loser().key())
                .toList());
    return written;
  }

  private boolean knowsTheTopics() {
    return IntStream.range(0, shards.size())
        .allMatch(shard -> shards.get(shard).hasFollowed() || !contents.get(shard).hasUnits());
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

  /** Explains the cluster as it was when the loop last turned; none before it is whole. */
  public Optional<Explainer> explainer() {
    return explainer;
  }

  /** How long ago the loop last turned. */
  public Duration sinceTurned() {
    return Duration.ofNanos(System.nanoTime() - turnedNanos);
  }

  @Override
  public void close() {
    closed = true;
    follower.wakeup();
    try {
      worker.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    ownership.close();
    background.close();
    follower.close();
    admin.close();
  }
}
