package io.portcullis.topic;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads partitions from the beginning to the end of what is committed. */
final class TopicRestore {
  private static final Duration POLL = Duration.ofMillis(100);

  private TopicRestore() {}

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
    var topics = partitions.stream().map(TopicPartition::topic).distinct().toList();
    var ids = admin.ids(topics);
    var present = partitions.stream().filter(p -> ids.containsKey(p.topic())).toList();
    consumer.assign(present);
    if (present.isEmpty()) {
      return Map.of();
    }
    var values = readToTheEnd(consumer, present, working);
    requireSame(ids, admin.ids(topics));
    return present.stream()
        .collect(
            Collectors.toMap(
                partition -> partition,
                partition ->
                    new TopicContent(
                        ids.get(partition.topic()),
                        values.get(partition),
                        consumer.position(partition))));
  }

  private static Map<TopicPartition, SortedMap<String, byte[]>> readToTheEnd(
      KafkaConsumer<String, byte[]> consumer,
      Collection<TopicPartition> partitions,
      Runnable working) {
    consumer.seekToBeginning(partitions);
    var ends = consumer.endOffsets(partitions);
    var values = new HashMap<TopicPartition, SortedMap<String, byte[]>>();
    partitions.forEach(partition -> values.put(partition, new TreeMap<>()));
    var open = new HashMap<>(ends);
    var patience = new Patience("restoring " + partitions);
    while (true) {
      open.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
      working.run();
      if (open.isEmpty()) {
        return values;
      }
      patience.at(open.keySet().stream().mapToLong(consumer::position).sum());
      for (var item : consumer.poll(POLL)) {
        var into = values.get(new TopicPartition(item.topic(), item.partition()));
        if (item.value() == null) {
          into.remove(item.key());
        } else {
          into.put(item.key(), item.value());
        }
      }
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
