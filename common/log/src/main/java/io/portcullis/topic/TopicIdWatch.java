package io.portcullis.topic;

import io.portcullis.topic.ShardContent.ShardTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Notices that topics were deleted or made anew, which clients do not: asks for their ids now and
 * then, without holding up the thread that uses it.
 */
final class TopicIdWatch {
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);

  /** Of many topics ids are asked for less often: a broker tells some hundreds in a second. */
  private static final Duration FOR_A_TOPIC = Duration.ofMillis(64);

  private final TopicAdmin admin;
  private Optional<TopicAdmin.Ids> asked = Optional.empty();
  private long askedNanos = System.nanoTime();

  TopicIdWatch(TopicAdmin admin) {
    this.admin = admin;
  }

  /** What was asked for is of no matter any more. */
  void forget() {
    asked = Optional.empty();
  }

  /**
   * Those that are not what they were; asks again if it is time.
   *
   * @param ids of the topics, as they were
   */
  List<ShardTopic> other(Map<ShardTopic, String> ids) {
    var other = asked.filter(TopicAdmin.Ids::arrived).map(answer -> other(ids, answer));
    if (other.isPresent()) {
      asked = Optional.empty();
    }
    if (asked.isEmpty()
        && !ids.isEmpty()
        && System.nanoTime() - askedNanos > betweenQuestions(ids.size()).toNanos()) {
      askedNanos = System.nanoTime();
      asked = Optional.of(admin.requestIds(ShardReconciler.names(ids.keySet())));
    }
    return other.orElse(List.of());
  }

  private static Duration betweenQuestions(int topics) {
    var forAll = FOR_A_TOPIC.multipliedBy(topics);
    return forAll.compareTo(BETWEEN_QUESTIONS) > 0 ? forAll : BETWEEN_QUESTIONS;
  }

  private static List<ShardTopic> other(Map<ShardTopic, String> ids, TopicAdmin.Ids answer) {
    var now = answer.join();
    return ids.entrySet().stream()
        .filter(topic -> answer.asked(topic.getKey().spec().name()))
        .filter(topic -> !topic.getValue().equals(now.get(topic.getKey().spec().name())))
        .map(Map.Entry::getKey)
        .toList();
  }
}
