package io.portcullis.topic;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a group committed last for a partition. */
final class LastOffset {
  private static final Logger LOG = LoggerFactory.getLogger(LastOffset.class);
  private static final Duration LONGEST_LOOK = Duration.ofMillis(500);
  private static final OffsetAndMetadata NONE = new OffsetAndMetadata(0);

  private LastOffset() {}

  /** Commits it once more, as the member that the consumer is; throws as committing does. */
  static void commitAgain(KafkaConsumer<?, ?> consumer, TopicPartition partition) {
    consumer.commitSync(Map.of(partition, of(consumer, partition)));
  }

  /**
   * While a transaction that its owner left open holds the offset back, none: only the next owner
   * ends that transaction, and it asks here first.
   */
  private static OffsetAndMetadata of(KafkaConsumer<?, ?> consumer, TopicPartition partition) {
    try {
      var last = consumer.committed(Set.of(partition), LONGEST_LOOK).get(partition);
      return last == null ? NONE : last;
    } catch (TimeoutException e) {
      LOG.debug("{}: no stable offset", partition, e);
      return NONE;
    }
  }
}
