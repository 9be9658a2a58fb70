package io.portcullis.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portcullis.topic.ShardReconciler.Step;
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
import org.apache.kafka.clients.admin.Admin;
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
  private static final Duration STALL = Duration.ofMinutes(2);
  private static final Duration LONG = Duration.ofSeconds(90);

  @AutoClose private static final TestBroker BROKER = new TestBroker();
  @AutoClose private static final TopicAdmin ADMIN = new TopicAdmin(settings(6));

  @Test
  void whoIsNoMemberAnyMoreFencesNobody() throws Exception {
    var group = "removed";
    var made = new AtomicInteger();
    var settings = settings(60); // it hears of its removal at a heartbeat only, ten seconds later
    try (var owner = new Owner(settings, group, 1);
        var shard = owner.reconciler(0, new OneValue(group, 0), made)) {
      owner.awaitShards(1);
      removeMembers(group);
      shard.step();
      assertThat(made).hasValue(0);
      await().atMost(LONG).until(() -> shard.step() == Step.WRITTEN);
      assertThat(made).hasValue(1);
      assertThat(owner.seen).containsSubsequence(Set.of(0), Set.of(), Set.of(0));
    }
  }

  @Test
  void aShardThatMovesAwayDuringATransactionIsNotWritten() throws Exception {
    var group = "moved";
    var contents = List.of(new OneValue(group, 0), new OneValue(group, 1));
    var held = new CountDownLatch(1);
    try (var first = new Owner(settings(6), group, 2)) {
      first.awaitShards(2);
      var entered = new CountDownLatch(2);
      contents.forEach(content -> content.holdOnce(entered, held));
      var shards =
          contents.stream()
              .map(content -> first.reconciler(content.shard, content, new AtomicInteger()))
              .toList();
      var steps = shards.stream().map(shard -> inAThread(shard::step)).toList();
      entered.await();
      try (var second = new Owner(settings(6), group, 2)) {
        second.awaitShards(1);
        await().atMost(LONG).until(() -> first.ownership.snapshot().shards().size() == 1);
        held.countDown();
        for (var step : steps) {
          assertThat(step.get()).isEqualTo(Step.WAITING);
        }
        int stays = first.ownership.snapshot().shards().iterator().next();
        await().atMost(LONG).until(() -> shards.get(stays).step() == Step.WRITTEN);
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
      await().atMost(LONG).until(() -> shard.step() == Step.WRITTEN);
      content.enough = true;
      assertThat(shard.step()).isEqualTo(Step.EQUAL);
      var before = content.topicIds().getLast();
      makeAnew(content.topic());
      await()
          .atMost(LONG)
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
          .atMost(LONG)
          .until(
              () -> {
                shard.step();
                return shard.failure().filter(why -> why.contains("once")).isPresent();
              });
      await().atMost(LONG).until(() -> shard.step() == Step.WRITTEN);
      assertThat(shard.failure()).isEmpty();
    }
  }

  @Test
  void aShardThatStaysIsNotFencedAgainWhenAnotherMovesAway() throws Exception {
    var group = "stays";
    var made = List.of(new AtomicInteger(), new AtomicInteger());
    var contents = List.of(new OneValue(group, 0), new OneValue(group, 1));
    try (var first = new Owner(settings(6), group, 2)) {
      first.awaitShards(2);
      var shards =
          contents.stream()
              .map(content -> first.reconciler(content.shard, content, made.get(content.shard)))
              .toList();
      for (var shard : shards) {
        await().atMost(LONG).until(() -> shard.step() == Step.WRITTEN);
      }
      try (var second = new Owner(settings(6), group, 2)) {
        await()
            .atMost(LONG)
            .until(
                () -> {
                  shards.forEach(ShardReconciler::step);
                  return second.ownership.snapshot().shards().size() == 1;
                });
        int moved = second.ownership.snapshot().shards().iterator().next();
        int stays = 1 - moved;
        var before = contents.get(stays).committed;
        await()
            .atMost(LONG)
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
  void aSessionThatTheBrokerDoesNotTakeIsToldWithItsLimitsAndTheRemedy() {
    try (var owner = new Owner(settings(3_600), "session", 1)) {
      await().atMost(LONG).until(() -> owner.ownership.trouble().isPresent());
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
      await().atMost(LONG).until(() -> shard.step() == Step.EQUAL);
      await().atMost(LONG).until(() -> ADMIN.ids(List.of(unwanted.name())).isEmpty());
      assertThat(content.unwanted).isEmpty();
      assertThat(ADMIN.ids(List.of(content.topic().name()))).isNotEmpty();
    }
  }

  private static KafkaSettings settings(int sessionSeconds) {
    return new KafkaSettings(
        Map.of(
            "bootstrap.servers",
            BROKER.bootstrap(),
            "session.timeout.ms",
            Math.multiplyExact(sessionSeconds, 1_000)));
  }

  private static void removeMembers(String group) throws Exception {
    try (var client = Admin.create(BROKER.settings())) {
      client
          .removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
          .all()
          .get();
    }
  }

  private static void makeAnew(TopicSpec topic) throws Exception {
    try (var client = Admin.create(BROKER.settings())) {
      client.deleteTopics(List.of(topic.name())).all().get();
    }
    ADMIN.ensure(List.of(topic));
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
      await().atMost(LONG).until(() -> ownership.snapshot().shards().size() == number);
    }

    ShardReconciler reconciler(int shard, ShardContent content, AtomicInteger made) {
      return new ShardReconciler(
          settings,
          ADMIN,
          ownership,
          ShardExecutor.none(),
          new Shard(shards, shard),
          shards.name() + "-" + shard,
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
