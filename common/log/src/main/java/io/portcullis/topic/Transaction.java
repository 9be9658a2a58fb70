package io.portcullis.topic;

import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** What one transaction of a shard writes. */
public final class Transaction {
  /** The header of a removal's record that says where the removal was seen. */
  public static final String ORIGIN = "origin";

  private final Producer<String, byte[]> producer;

  Transaction(Producer<String, byte[]> producer) {
    this.producer = producer;
  }

  public Future<RecordMetadata> put(String topic, int partition, String key, byte[] value) {
    return producer.send(new ProducerRecord<>(topic, partition, key, value));
  }

  public Future<RecordMetadata> remove(String topic, int partition, String key) {
    return producer.send(new ProducerRecord<>(topic, partition, key, null));
  }

  /**
   * Removes a key and says why.
   *
   * @param origin what readers get with the removal
   */
  public Future<RecordMetadata> remove(String topic, int partition, String key, byte[] origin) {
    var item = new ProducerRecord<String, byte[]>(topic, partition, key, null);
    item.headers().add(ORIGIN, origin);
    return producer.send(item);
  }
}
