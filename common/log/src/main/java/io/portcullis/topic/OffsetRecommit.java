package io.portcullis.topic;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a group committed last for partitions. */
final class OffsetRecommit {
  private static final Logger LOG = LoggerFactory.getLogger(OffsetRecommit.class);
  private static final Duration LONGEST_LOOK = Duration.ofMillis(500);
  private static final OffsetAndMetadata NONE = new OffsetAndMetadata(0);

  private OffsetRecommit() {}

  /** Commits it once more, as the member that the consumer is; throws as committing does. */
  static void commitAgain(KafkaConsumer<?, ?> consumer, Set<TopicPartition> partitions) {
    var last = last(consumer, partitions);
    consumer.commitSync(
        partitions.stream()
            .collect(
                Collectors.toMap(
                    partition -> partition,
                    partition -> Optional.ofNullable(last.get(partition)).orElse(NONE))));
  }

  /**
   * While a transaction that its owner left open holds the offsets back, none: only the next owner
   * ends that transaction, and it asks here first.
   */
  private static Map<TopicPartition, OffsetAndMetadata> last(
      KafkaConsumer<?, ?> consumer, Set<TopicPartition> partitions) {
    try {
      return consumer.committed(partitions, LONGEST_LOOK);
    } catch (TimeoutException e) {
      LOG.debug("{}: no stable offset", partitions, e);
      return Map.of();
    }
  }
}
