package io.portcullis.topic;

import io.portcullis.topic.ShardContent.ShardTopic;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which topics of a shard were restored, and whether they are still the same ones. The worker's
 * thread alone uses it.
 */
final class RestoredTopics {
  private static final Logger LOG = LoggerFactory.getLogger(RestoredTopics.class);

  private final TopicIdWatch watch;
  private final Map<ShardTopic, Incarnation> restored = new HashMap<>();

  /** The topics that were asked for when all of them were restored. */
  private Collection<ShardTopic> complete = List.of();

  private long lastQuestion;

  /**
   * What was restored of a topic.
   *
   * @param question the last one that was asked for ids before it was known: its answer may be
   *     older
   */
  private record Incarnation(String id, long question) {}

  RestoredTopics(TopicIdWatch watch) {
    this.watch = watch;
    watch.watch(this::names);
  }

  boolean isEmpty() {
    return restored.isEmpty();
  }

  /** Returns the names of the topics. */
  Stream<String> names() {
    return restored.keySet().stream().map(topic -> topic.spec().name()).distinct();
  }

  void add(ShardTopic topic, String id) {
    restored.put(topic, new Incarnation(id, watch.questions()));
  }

  /** Returns those of the wanted ones that are not restored; what is not wanted any more goes. */
  Collection<ShardTopic> missing(Collection<ShardTopic> wanted) {
    if (wanted == complete) {
      return List.of();
    }
    restored.keySet().retainAll(Set.copyOf(wanted));
    var missing = new LinkedHashSet<>(wanted);
    missing.removeAll(restored.keySet());
    if (missing.isEmpty()) {
      complete = wanted;
    }
    return missing;
  }

  /** Returns the names of those that were deleted or made anew since, as far as that is known. */
  List<String> stale() {
    var answer = watch.poll().filter(newest -> newest.question() != lastQuestion);
    if (answer.isEmpty()) {
      return List.of();
    }
    lastQuestion = answer.get().question();
    var ids = answer.get().ids();
    var stale =
        restored.entrySet().stream()
            .filter(topic -> topic.getValue().question() < lastQuestion)
            .filter(topic -> ids.answered(topic.getKey().spec().name()))
            .filter(topic -> isOther(ids, topic.getKey().spec().name(), topic.getValue().id()))
            .map(topic -> topic.getKey().spec().name())
            .distinct()
            .toList();
    if (!stale.isEmpty()) {
      LOG.warn("topics {} were deleted or made anew by another; they are written again", stale);
    }
    return stale;
  }

  private static boolean isOther(TopicAdmin.Ids ids, String topic, String id) {
    return ids.of(topic).filter(id::equals).isEmpty();
  }

  void forget() {
    restored.clear();
    complete = List.of();
  }
}
