package io.portcullis.topic;

import io.portcullis.topic.ShardContent.Checkpoint;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads partitions to the end of what is committed. */
final class TopicRestore {
  private static final Duration POLL = Duration.ofMillis(100);

  private TopicRestore() {}

  /**
   * What was read, by partition; those whose topic does not exist are left out.
   *
   * @param whole those that were read from the beginning
   * @param since those that were read from where they were known
   */
  record Restored(
      Map<TopicPartition, TopicContent> whole, Map<TopicPartition, TopicChanges> since) {}

  /**
   * Restores whole partitions; the consumer stays assigned to them, at their ends.
   *
   * @param working called now and then, as reading may take long
   * @return by partition; those whose topic does not exist are left out
   * @throws KafkaException when the broker does not answer, or a topic was deleted or made anew
   *     meanwhile
   */
  static Map<TopicPartition, TopicContent> restore(
      KafkaConsumer<String, byte[]> consumer,
      TopicAdmin admin,
      Collection<TopicPartition> partitions,
      Runnable working) {
    var ids = admin.ids(partitions.stream().map(TopicPartition::topic).distinct().toList());
    var present = partitions.stream().filter(p -> ids.containsKey(p.topic())).toList();
    consumer.assign(present);
    if (present.isEmpty()) {
      return Map.of();
    }
    return read(consumer, admin, ids, consumer.endOffsets(present), Map.of(), working).whole();
  }

  /**
   * Reads partitions that exist.
   *
   * @param consumer assigned to them
   * @param ids by topic, asked before the ends
   * @param ends of the partitions
   * @param known how far they are; of no matter where the topic was made anew, or has lost its end
   */
  static Restored read(
      KafkaConsumer<String, byte[]> consumer,
      TopicAdmin admin,
      Map<String, String> ids,
      Map<TopicPartition, Long> ends,
      Map<TopicPartition, Checkpoint> known,
      Runnable working) {
    var from = new HashMap<TopicPartition, Long>();
    ends.forEach(
        (partition, end) ->
            Optional.ofNullable(known.get(partition))
                .filter(k -> k.topicId().equals(ids.get(partition.topic())))
                .filter(k -> k.position() <= end)
                .ifPresent(k -> from.put(partition, k.position())));
    var values = readToTheEnd(consumer, ends, from, working);
    requireSame(ids, admin.ids(ids.keySet()));
    var whole = new HashMap<TopicPartition, TopicContent>();
    var since = new HashMap<TopicPartition, TopicChanges>();
    values.forEach(
        (partition, read) -> {
          var id = ids.get(partition.topic());
          var position = consumer.position(partition);
          if (from.containsKey(partition)) {
            since.put(partition, new TopicChanges(id, read, position));
          } else {
            whole.put(partition, new TopicContent(id, present(read), position));
          }
        });
    return new Restored(whole, since);
  }

  private static SortedMap<String, byte[]> present(Map<String, Optional<byte[]>> values) {
    var present = new TreeMap<String, byte[]>();
    values.forEach((key, value) -> present.put(key, value.orElseThrow()));
    return present;
  }

  /**
   * @param from where to begin; a partition that is not there is read from its beginning, and what
   *     was removed from it left out
   */
  private static Map<TopicPartition, SortedMap<String, Optional<byte[]>>> readToTheEnd(
      KafkaConsumer<String, byte[]> consumer,
      Map<TopicPartition, Long> ends,
      Map<TopicPartition, Long> from,
      Runnable working) {
    consumer.seekToBeginning(ends.keySet().stream().filter(p -> !from.containsKey(p)).toList());
    from.forEach(consumer::seek);
    var values = new HashMap<TopicPartition, SortedMap<String, Optional<byte[]>>>();
    ends.keySet().forEach(partition -> values.put(partition, new TreeMap<>()));
    var open = new HashMap<>(ends);
    var patience = new ProgressTimeout("restoring " + ends.keySet());
    while (true) {
      open.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
      working.run();
      if (open.isEmpty()) {
        return values;
      }
      patience.at(open.keySet().stream().mapToLong(consumer::position).sum());
      for (var item : consumer.poll(POLL)) {
        var partition = new TopicPartition(item.topic(), item.partition());
        take(item, values.get(partition), from.containsKey(partition));
      }
    }
  }

  private static void take(
      ConsumerRecord<String, byte[]> item,
      Map<String, Optional<byte[]>> into,
      boolean removalsToo) {
    if (item.value() != null || removalsToo) {
      into.put(item.key(), Optional.ofNullable(item.value()));
    } else {
      into.remove(item.key());
    }
  }

  private static void requireSame(Map<String, String> before, Map<String, String> after) {
    before.forEach(
        (topic, id) -> {
          if (!id.equals(after.get(topic))) {
            throw new KafkaException("topic " + topic + " was made anew while it was read");
          }
        });
  }
}
