package io.portcullis.topic;

import io.portcullis.topic.ShardContent.ShardTopic;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which topics of a shard are known as they are, and whether they are still the same ones. */
final class RestoredTopics {
  private final TopicIdWatch incarnations;

  /** Their ids. */
  private final Map<ShardTopic, String> ids = new HashMap<>();

  /** The topics that were asked for when all of them were restored. */
  private Collection<ShardTopic> complete = List.of();

  RestoredTopics(TopicAdmin admin) {
    this.incarnations = new TopicIdWatch(admin);
  }

  boolean isEmpty() {
    return ids.isEmpty();
  }

  Set<ShardTopic> all() {
    return ids.keySet();
  }

  void add(ShardTopic topic, String id) {
    ids.put(topic, id);
  }

  /** Those of the wanted ones that are yet to be restored; what is not wanted any more goes. */
  Collection<ShardTopic> missing(Collection<ShardTopic> wanted) {
    if (wanted == complete) {
      return List.of();
    }
    ids.keySet().retainAll(Set.copyOf(wanted));
    var missing = new LinkedHashSet<>(wanted);
    missing.removeAll(ids.keySet());
    if (missing.isEmpty()) {
      complete = wanted;
    }
    return missing;
  }

  /** Those that were deleted or made anew since, as far as that is known. */
  List<ShardTopic> stale() {
    return incarnations.other(ids);
  }

  void forget() {
    ids.clear();
    complete = List.of();
    incarnations.forget();
  }
}
