package io.portcullis.topic;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.Patience;
import io.portcullis.topic.ShardReconciler.Step;
import io.smallrye.reactive.messaging.kafka.companion.KafkaCompanion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Owners in this process: what one may still do that is none any more and does not know it yet, and
 * what it must notice.
 */
@Execution(ExecutionMode.CONCURRENT)
class OwnershipTest {
  private static final Duration STALL = Patience.LIMIT;

  /** Seconds; so long no machine keeps a member from telling that it is alive. */
  private static final int LONG_SESSION = 60;

  private static final TestBroker BROKER = TestBroker.shared();
  @AutoClose private static final KafkaCompanion CLIENT = BROKER.companion();
  @AutoClose private static final TopicAdmin ADMIN = new TopicAdmin(settings(6));

  @Test
  void whoIsNoMemberAnyMoreFencesNobody() throws Exception {
    var group = "removed";
    var made = new AtomicInteger();
    var settings =
        settings(LONG_SESSION); // it hears of its removal at a heartbeat only, ten seconds later
    try (var owner = new Owner(settings, group, 1);
        var shard = owner.reconciler(0, new OneValue(group, 0), made)) {
      owner.awaitShards(1);
      removeMembers(group);
      shard.step();
      assertThat(made).hasValue(0);
      await().until(() -> shard.step() == Step.WRITTEN);
      assertThat(made).hasValue(1);
      assertThat(owner.seen).containsSubsequence(Set.of(0), Set.of(), Set.of(0));
    }
  }

  @Test
  void aShardThatMovesAwayDuringATransactionIsNotWritten() throws Exception {
    var group = "moved";
    var contents = List.of(new OneValue(group, 0), new OneValue(group, 1));
    var held = new CountDownLatch(1);
    try (var first = new Owner(settings(LONG_SESSION), group, 2)) {
      first.awaitShards(2);
      contents.forEach(content -> content.holdOnce(held));
      var shards =
          contents.stream()
              .map(content -> first.reconciler(content.shard, content, new AtomicInteger()))
              .toList();
      var steps =
          contents.stream()
              .map(content -> inAThread(() -> stepIntoTransaction(shards, content)))
              .toList();
      await().until(() -> contents.stream().allMatch(OneValue::isHeld));
      try (var second = new Owner(settings(LONG_SESSION), group, 2)) {
        second.awaitShards(1);
        await().until(() -> first.ownership.snapshot().shards().size() == 1);
        held.countDown();
        for (var step : steps) {
          assertThat(step.get()).isEqualTo(Step.WAITING);
        }
        int stays = first.ownership.snapshot().shards().iterator().next();
        await().until(() -> shards.get(stays).step() == Step.WRITTEN);
        assertThat(contents.get(1 - stays).committed).isZero();
        assertThat(first.seen).containsSubsequence(Set.of(0, 1), Set.of(stays));
      }
      shards.forEach(ShardReconciler::close);
    }
  }

  @Test
  void aTopicThatAnotherMadeAnewIsRestoredThoughNothingIsToBeWritten() throws Exception {
    var group = "anew";
    var content = new OneValue(group, 0);
    try (var owner = new Owner(settings(6), group, 1);
        var shard = owner.reconciler(0, content, new AtomicInteger())) {
      owner.awaitShards(1);
      await().until(() -> shard.step() == Step.WRITTEN);
      content.enough = true;
      await().until(() -> shard.step() == Step.EQUAL);
      var before = content.topicIds().getLast();
      makeAnew(content.topic());
      await()
          .until(
              () -> {
                shard.step();
                return !content.topicIds().getLast().equals(before);
              });
    }
  }

  @Test
  void aContentThatFailsInATransactionIsInTheWayOfNoLaterOne() throws Exception {
    var group = "failing";
    var content = new OneValue(group, 0);
    content.failOnce = true;
    try (var owner = new Owner(settings(6), group, 1);
        var shard = owner.reconciler(0, content, new AtomicInteger())) {
      owner.awaitShards(1);
      await()
          .until(
              () -> {
                shard.step();
                return shard.failure().filter(why -> why.contains("once")).isPresent();
              });
      await().until(() -> shard.step() == Step.WRITTEN);
      assertThat(shard.failure()).isEmpty();
    }
  }

  @Test
  void aShardThatStaysIsNotFencedAgainWhenAnotherMovesAway() throws Exception {
    var group = "stays";
    var made = List.of(new AtomicInteger(), new AtomicInteger());
    var contents = List.of(new OneValue(group, 0), new OneValue(group, 1));
    try (var first = new Owner(settings(LONG_SESSION), group, 2)) {
      first.awaitShards(2);
      var shards =
          contents.stream()
              .map(content -> first.reconciler(content.shard, content, made.get(content.shard)))
              .toList();
      for (var shard : shards) {
        await().until(() -> shard.step() == Step.WRITTEN);
      }
      try (var second = new Owner(settings(LONG_SESSION), group, 2)) {
        await()
            .until(
                () -> {
                  shards.forEach(ShardReconciler::step);
                  return second.ownership.snapshot().shards().size() == 1;
                });
        int moved = second.ownership.snapshot().shards().iterator().next();
        int stays = 1 - moved;
        var before = contents.get(stays).committed;
        await()
            .until(
                () -> {
                  shards.forEach(ShardReconciler::step);
                  return contents.get(stays).committed > before + 10;
                });
        assertThat(made.get(stays)).hasValue(1);
        assertThat(first.ownership.snapshot().shards()).containsExactly(stays);
      }
      shards.forEach(ShardReconciler::close);
    }
  }

  @Test
  void aTakeOverWaitsWhileAnotherIsUnderWay() throws Exception {
    var group = "turns";
    var made = new AtomicInteger();
    var limits = new ShardExecutor.Limits(1, 1, 1, 1, 1);
    try (var owner = new Owner(settings(6), group, 1);
        var executor = ShardExecutor.threads(limits, () -> {});
        var shard = owner.reconciler(0, new OneValue(group, 0), made, executor)) {
      owner.awaitShards(1);
      var other = executor.takingOver(() -> true);
      assertThat(shard.step()).isEqualTo(Step.WORKING);
      assertThat(shard.step()).isEqualTo(Step.WORKING);
      assertThat(made).hasValue(0);
      other.call();
      await().until(() -> shard.step() == Step.WRITTEN);
      assertThat(executor.takeOvers()).isEqualTo(1);
    }
  }

  @Test
  void aSessionThatTheBrokerDoesNotTakeIsToldWithItsLimitsAndTheRemedy() {
    try (var owner = new Owner(settings(3_600), "session", 1)) {
      await().until(() -> owner.ownership.trouble().isPresent());
      assertThat(owner.ownership.trouble().get())
          .contains("3600000 is refused", "to 1800000 ms", "group.max.session.timeout.ms")
          .contains("KAFKA_SESSION_TIMEOUT_MS");
    }
  }

  @Test
  void aTopicThatIsNotWantedAnyMoreIsDeletedByItsOwner() {
    var group = "unwanted";
    var content = new OneValue(group, 0);
    content.enough = true;
    var unwanted = new TopicSpec(group + ".old", 1, Map.of());
    ADMIN.ensure(List.of(unwanted));
    content.unwanted = List.of(unwanted.name(), group + ".never-made");
    try (var owner = new Owner(settings(6), group, 1);
        var shard = owner.reconciler(0, content, new AtomicInteger())) {
      owner.awaitShards(1);
      await().until(() -> shard.step() == Step.EQUAL);
      await().until(() -> ADMIN.ids(List.of(unwanted.name())).isEmpty());
      assertThat(content.unwanted).isEmpty();
      assertThat(ADMIN.ids(List.of(content.topic().name()))).isNotEmpty();
    }
  }

  private static KafkaSettings settings(int sessionSeconds) {
    return BROKER.patient(Map.of("session.timeout.ms", Math.multiplyExact(sessionSeconds, 1_000)));
  }

  private static void removeMembers(String group) throws Exception {
    CLIENT
        .getOrCreateAdminClient()
        .removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
        .all()
        .get();
  }

  private static void makeAnew(TopicSpec topic) {
    CLIENT.topics().delete(topic.name());
    ADMIN.ensure(List.of(topic));
  }

  /** Returns what came of the step whose transaction was held. */
  private static Step stepIntoTransaction(List<ShardReconciler> shards, OneValue content) {
    while (true) {
      var step = shards.get(content.shard).step();
      if (content.isHeld()) {
        return step;
      }
    }
  }

  private static <T> FutureTask<T> inAThread(Callable<T> code) {
    var task = new FutureTask<>(code);
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  /** An {@link Ownership} that remembers what it said. */
  private static final class Owner implements AutoCloseable {
    private final KafkaSettings settings;
    private final TopicSpec shards;
    private final List<Set<Integer>> seen = new CopyOnWriteArrayList<>();
    private final AtomicReference<Ownership> self = new AtomicReference<>();
    private final Ownership ownership;

    Owner(KafkaSettings settings, String group, int shards) {
      this.settings = settings;
      this.shards = new TopicSpec(group + ".shards", shards, Map.of());
      this.ownership = new Ownership(settings, ADMIN, group, this.shards, STALL, this::remember);
      self.set(ownership);
      remember();
    }

    private void remember() {
      var owner = self.get();
      if (owner != null) {
        seen.add(owner.snapshot().shards());
      }
    }

    void awaitShards(int number) {
      await().until(() -> ownership.snapshot().shards().size() == number);
    }

    ShardReconciler reconciler(int shard, ShardContent content, AtomicInteger made) {
      return reconciler(shard, content, made, ShardExecutor.none());
    }

    ShardReconciler reconciler(
        int shard, ShardContent content, AtomicInteger made, ShardExecutor executor) {
      return new ShardReconciler(
          new ShardGroup(settings, ADMIN, ownership, executor),
          new Shard(shards, shard, shards.name() + "-" + shard),
          content,
          config -> {
            made.incrementAndGet();
            return new KafkaProducer<>(config);
          });
    }

    @Override
    public void close() {
      ownership.close();
    }
  }
}
