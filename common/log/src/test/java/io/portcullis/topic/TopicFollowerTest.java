package io.portcullis.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.Patience;
import io.portcullis.topic.TopicFollower.Reading;
import io.smallrye.reactive.messaging.kafka.companion.KafkaCompanion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
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
  private static final TestBroker BROKER = TestBroker.shared();
  private static final KafkaSettings SETTINGS = BROKER.patient();
  @AutoClose private static final KafkaCompanion CLIENT = BROKER.companion();
  @AutoClose private static final TopicAdmin ADMIN = new TopicAdmin(SETTINGS);

  private final TopicSpec topic =
      new TopicSpec(
          "followed-" + Long.toHexString(System.nanoTime()),
          1,
          Map.of("cleanup.policy", "compact"));
  private TopicFollower follower;

  @BeforeEach
  void make() {
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
  void aTopicThatIsMadeAnewIsReadAgainAlsoWhereItIsAsLongAsTheOneBefore() {
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
  void aTopicThatIsDeletedIsGoneUntilItIsThereAgain() {
    restored();
    deleteTopic();
    Readings.await(follower, Reading.Gone.class);
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
    return Readings.await(follower, Reading.Restored.class).content();
  }

  private static Map<String, String> values(TopicContent content) {
    var values = new TreeMap<String, String>();
    content
        .values()
        .forEach((key, value) -> values.put(key, new String(value, StandardCharsets.UTF_8)));
    return values;
  }

  private void write(String key, String value) {
    CLIENT
        .produceStrings()
        .fromRecords(new ProducerRecord<>(topic.name(), 0, key, value))
        .awaitCompletion(Patience.LIMIT);
  }

  /** Returns when the broker says so too: it hears of it from its controller. */
  private void deleteTopic() {
    CLIENT.topics().delete(topic.name());
    Patience.await("the broker knows that the topic is deleted")
        .until(() -> ADMIN.ids(List.of(topic.name())).isEmpty());
  }
}
