package io.portcullis.topic;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.Patience;
import io.portcullis.topic.ShardReconciler.Step;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions that are committed while their writers do not hear of it in time. */
class LateAnswerTest {
  private static final TestBroker BROKER = TestBroker.shared();
  private static final int SHARDS = 8;

  /** Calls of writers; so many answers are late, and the writers ask again after so long. */
  private static final Duration LONGEST_CALL = Duration.ofSeconds(1);

  private final AtomicInteger made = new AtomicInteger();
  private final TopicAdmin admin = new TopicAdmin(BROKER.patient());
  private DelayedAnswers answers;

  @BeforeEach
  void delay() throws Exception {
    answers = BROKER.delayAnswers();
  }

  @AfterEach
  void end() throws Exception {
    answers.close();
    admin.close();
  }

  @Test
  void aCommitThatIsAnsweredLateIsFoundOutAndNothingIsWrittenTwice() {
    var content = new OneValue("late-answer", 0);
    var topic = shards("late-answer", 1);
    try (var ownership = own(topic)) {
      var group = group(ownership, ShardExecutor.none());
      try (var shard = reconciler(group, topic, content)) {
        await().until(() -> shard.step() == Step.WRITTEN);
        var restored = content.topicIds().size();
        var before = content.committed;
        var producers = made.get();
        answers.keepBack(ApiKeys.END_TXN);
        await().until(() -> shard.step() == Step.WORKING && shard.failure().isPresent());
        assertThat(shard.failure().get()).contains("do not tell in time whether");
        await("the writer asks again")
            .until(() -> shard.step() == Step.WORKING && answers.kept() > 1);
        content.enough = true;
        answers.answer();
        await().until(() -> shard.step() == Step.EQUAL);
        assertThat(shard.failure()).isEmpty();
        assertThat(content.committed).isEqualTo(before + 1);
        assertThat(records(content)).as("records").isEqualTo(content.committed);
        assertThat(content.topicIds()).as("restored").hasSize(restored);
        assertThat(made).as("producers").hasValue(producers);
      }
    }
  }

  @Test
  void recordsThatAreTakenLateAreAbortedAndWrittenAgainWithoutRestoring() {
    var content = new OneValue("late-records", 0);
    var topic = shards("late-records", 1);
    try (var ownership = own(topic)) {
      var group = group(ownership, ShardExecutor.none());
      try (var shard = reconciler(group, topic, content)) {
        await().until(() -> shard.step() == Step.WRITTEN);
        var restored = content.topicIds().size();
        var producers = made.get();
        answers.keepBack(ApiKeys.PRODUCE);
        await()
            .until(
                () -> {
                  shard.step();
                  return content.late > 0;
                });
        assertThat(shard.failure()).isPresent();
        answers.answer();
        await().until(() -> shard.step() == Step.WRITTEN);
        content.enough = true;
        await().until(() -> shard.step() == Step.EQUAL);
        assertThat(shard.failure()).isEmpty();
        assertThat(records(content)).as("records").isEqualTo(content.committed);
        assertThat(content.topicIds()).as("restored").hasSize(restored);
        assertThat(made).as("producers").hasValue(producers);
      }
    }
  }

  @Test
  void manyShardsWhoseCommitsAreAnsweredLateGoOnWithoutRestoring() {
    var contents =
        IntStream.range(0, SHARDS).mapToObj(shard -> new OneValue("late-many", shard)).toList();
    var limits = new ShardExecutor.Limits(100, SHARDS, 1, SHARDS, 100);
    var topic = shards("late-many", SHARDS);
    try (var ownership = own(topic);
        var executor = ShardExecutor.threads(limits, () -> {})) {
      var group = group(ownership, executor);
      var shards = contents.stream().map(content -> reconciler(group, topic, content)).toList();
      awaitCommits(shards, contents, counts(contents));
      var restored = contents.stream().map(content -> content.topicIds().size()).toList();
      var takenOver = executor.takeOvers();
      answers.keepBack(ApiKeys.END_TXN);
      await()
          .until(
              () -> {
                step(shards);
                return shards.stream().allMatch(shard -> shard.failure().isPresent());
              });
      var before = counts(contents);
      answers.answer();
      awaitCommits(shards, contents, before);
      contents.forEach(content -> content.enough = true);
      await().until(() -> shards.stream().allMatch(shard -> shard.step() == Step.EQUAL));
      contents.forEach(
          content -> assertThat(records(content)).as("records").isEqualTo(content.committed));
      assertThat(contents.stream().map(content -> content.topicIds().size()).toList())
          .as("restored")
          .isEqualTo(restored);
      assertThat(executor.takeOvers()).isEqualTo(takenOver);
      shards.forEach(ShardReconciler::close);
    }
  }

  private static TopicSpec shards(String group, int number) {
    return new TopicSpec(group + ".shards", number, Map.of());
  }

  private Ownership own(TopicSpec shards) {
    var settings = BROKER.patient(Map.of("session.timeout.ms", 60_000));
    var ownership = new Ownership(settings, admin, shards.name(), shards, Patience.LIMIT, () -> {});
    await().until(() -> ownership.snapshot().shards().size() == shards.partitions());
    return ownership;
  }

  private ShardGroup group(Ownership ownership, ShardExecutor executor) {
    return new ShardGroup(BROKER.patient(), admin, ownership, executor);
  }

  private ShardReconciler reconciler(ShardGroup group, TopicSpec shards, OneValue content) {
    var late = new KafkaSettings(Map.of("bootstrap.servers", answers.bootstrap()));
    var name = content.topic().name();
    return new ShardReconciler(
        group,
        new Shard(shards, content.shard, name),
        content,
        _ -> {
          made.incrementAndGet();
          return new KafkaProducer<>(late.withLongestCall(LONGEST_CALL).writer(name));
        });
  }

  private static void step(List<ShardReconciler> shards) {
    shards.forEach(ShardReconciler::step);
  }

  private static Map<OneValue, Integer> counts(List<OneValue> contents) {
    var counts = new HashMap<OneValue, Integer>();
    contents.forEach(content -> counts.put(content, content.committed));
    return counts;
  }

  private static void awaitCommits(
      List<ShardReconciler> shards, List<OneValue> contents, Map<OneValue, Integer> before) {
    await()
        .until(
            () -> {
              step(shards);
              return contents.stream().allMatch(c -> c.committed > before.get(c));
            });
  }

  /** Returns how many records a reader of committed ones gets. */
  private static int records(OneValue content) {
    var partition = new TopicPartition(content.topic().name(), 0);
    try (var consumer = new KafkaConsumer<String, byte[]>(BROKER.patient().reader())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      var end = consumer.endOffsets(List.of(partition)).get(partition);
      var records = 0;
      while (consumer.position(partition) < end) {
        records += consumer.poll(Duration.ofMillis(100)).count();
      }
      return records;
    }
  }
}
