package io.portcullis.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.topic.TopicFollower.Reading;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Followers of a topic that is deleted or made anew. */
@Execution(ExecutionMode.CONCURRENT)
class TopicFollowerTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(100);

  @AutoClose private static final TestBroker BROKER = new TestBroker();
  private static final KafkaSettings SETTINGS = new KafkaSettings(BROKER.settings());
  @AutoClose private static final TopicAdmin ADMIN = new TopicAdmin(SETTINGS);

  private final TopicSpec topic =
      new TopicSpec(
          "followed-" + Long.toHexString(System.nanoTime()),
          1,
          Map.of("cleanup.policy", "compact"));
  private TopicFollower follower;

  @BeforeEach
  void make() throws Exception {
    ADMIN.ensure(List.of(topic));
    write("a", "1");
    write("b", "2");
    follower = new TopicFollower(SETTINGS, ADMIN, topic.name());
  }

  @AfterEach
  void close() {
    follower.close();
  }

  @Test
  void aTopicThatIsMadeAnewIsReadAgainAlsoWhereItIsAsLongAsTheOneBefore() throws Exception {
    var before = restored();
    deleteTopic();
    ADMIN.ensure(List.of(topic));
    write("c", "3");
    write("d", "4");
    var after = restored();
    assertThat(values(after)).isEqualTo(Map.of("c", "3", "d", "4"));
    assertThat(after.topicId()).isNotEqualTo(before.topicId());
  }

  @Test
  void aTopicThatIsDeletedIsGoneUntilItIsThereAgain() throws Exception {
    restored();
    deleteTopic();
    await(Reading.Gone.class::isInstance);
    ADMIN.ensure(List.of(topic));
    assertThat(restored().values()).isEmpty();
  }

  @Test
  void restoringATopicThatIsDeletedMeanwhileEnds() {
    var partition = new TopicPartition(topic.name(), 0);
    var deleted = new ArrayList<String>();
    try (var consumer = new KafkaConsumer<String, byte[]>(SETTINGS.reader())) {
      assertThatThrownBy(
              () ->
                  TopicRestore.restore(
                      consumer,
                      ADMIN,
                      Set.of(partition),
                      () -> {
                        if (deleted.isEmpty()) {
                          deleteTopic();
                          deleted.add(topic.name());
                        }
                      }))
          .isInstanceOf(KafkaException.class);
    }
  }

  private TopicContent restored() {
    return ((Reading.Restored) await(Reading.Restored.class::isInstance)).content();
  }

  private Reading await(Predicate<Reading> wanted) {
    var end = System.nanoTime() + LONG.toNanos();
    var seen = new ArrayList<Reading>();
    while (System.nanoTime() < end) {
      var reading = follower.poll(POLL);
      if (wanted.test(reading)) {
        return reading;
      }
      seen.add(reading);
    }
    throw new AssertionError("only came: " + seen.stream().distinct().toList());
  }

  private static Map<String, String> values(TopicContent content) {
    var values = new TreeMap<String, String>();
    content
        .values()
        .forEach((key, value) -> values.put(key, new String(value, StandardCharsets.UTF_8)));
    return values;
  }

  private void write(String key, String value) throws Exception {
    try (var producer = new KafkaProducer<String, byte[]>(SETTINGS.producer())) {
      producer
          .send(new ProducerRecord<>(topic.name(), 0, key, value.getBytes(StandardCharsets.UTF_8)))
          .get();
    }
  }

  /** Returns when the broker says so too: it hears of it from its controller. */
  private void deleteTopic() {
    try (var client = Admin.create(BROKER.settings())) {
      client.deleteTopics(List.of(topic.name())).all().get();
      while (!ADMIN.ids(List.of(topic.name())).isEmpty()) {
        Thread.sleep(10);
      }
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
