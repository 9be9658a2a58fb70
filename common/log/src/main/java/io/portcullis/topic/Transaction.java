package io.portcullis.topic;

import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;

/** What one transaction of a shard writes. */
public final class Transaction {
  /** The header of a removal's record that says where the removal was seen. */
  public static final String ORIGIN = "origin";

  private final Producer<String, byte[]> producer;
  private final AtomicReference<TimeoutException> late = new AtomicReference<>();

  Transaction(Producer<String, byte[]> producer) {
    this.producer = producer;
  }

  public Future<RecordMetadata> put(String topic, int partition, String key, byte[] value) {
    return send(new ProducerRecord<>(topic, partition, key, value));
  }

  public Future<RecordMetadata> remove(String topic, int partition, String key) {
    return send(new ProducerRecord<>(topic, partition, key, null));
  }

  /**
   * Removes a key and says why.
   *
   * @param origin what readers get with the removal
   */
  public Future<RecordMetadata> remove(String topic, int partition, String key, byte[] origin) {
    var item = new ProducerRecord<String, byte[]>(topic, partition, key, null);
    item.headers().add(ORIGIN, origin);
    return send(item);
  }

  private Future<RecordMetadata> send(ProducerRecord<String, byte[]> item) {
    return producer.send(item, this::sent);
  }

  private void sent(RecordMetadata place, Exception failure) {
    if (failure instanceof TimeoutException e) {
      late.compareAndSet(null, e);
    }
  }

  /** Returns which record the brokers did not take in time, if any. */
  Optional<TimeoutException> lateness() {
    return Optional.ofNullable(late.get());
  }
}
