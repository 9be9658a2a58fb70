package io.portcullis.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads committed records of one partition of a log, at one place and at another. One thread uses
 * it. Its methods throw {@link org.apache.kafka.common.KafkaException} when the broker does not
 * answer.
 */
public final class LogReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  /** A single record is wanted more often than all that follow it. */
  private static final int FETCH_BYTES = 256 * 1024;

  private final TopicPartition partition;
  private final KafkaConsumer<String, byte[]> consumer;
  private final long end;

  LogReader(Map<String, Object> reader, TopicPartition partition) {
    var settings = new HashMap<>(reader);
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    this.partition = partition;
    this.consumer = new KafkaConsumer<>(settings);
    consumer.assign(List.of(partition));
    this.end = consumer.endOffsets(List.of(partition)).get(partition);
  }

  /** Returns the offset of the first record that is not older; absent where all are. */
  public OptionalLong firstSince(long millis) {
    var found = consumer.offsetsForTimes(Map.of(partition, Math.max(millis, 0))).get(partition);
    return found == null ? OptionalLong.empty() : OptionalLong.of(found.offset());
  }

  /**
   * Reads in order, to the end as it was when this was opened.
   *
   * @param from offset of the first record
   * @param more told each record; reading goes on while it answers yes and there are more
   * @throws org.apache.kafka.clients.consumer.OffsetOutOfRangeException when the log does not reach
   *     back so far
   */
  public void read(long from, Predicate<ConsumerRecord<String, byte[]>> more) {
    consumer.seek(partition, from);
    var patience = new ProgressTimeout("reading " + partition);
    while (consumer.position(partition) < end) {
      patience.at(consumer.position(partition));
      for (var item : consumer.poll(POLL)) {
        if (!more.test(item)) {
          return;
        }
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
