package io.portcullis.topic;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/**
 * Lets a producer learn on which brokers topics are. By itself it asks for that when a topic is
 * written first, one question after the other: a transaction over hundreds of topics would not end
 * in its time.
 */
final class MetadataWarmup {
  private MetadataWarmup() {}

  /**
   * Learns it for all topics at once.
   *
   * @throws KafkaException when the broker does not answer, or does not let this user know
   */
  static void learn(Producer<String, byte[]> producer, Collection<String> topics) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked =
          topics.stream()
              .map(
                  topic -> CompletableFuture.runAsync(() -> producer.partitionsFor(topic), threads))
              .toList();
      try {
        asked.forEach(CompletableFuture::join);
      } catch (CompletionException e) {
        throw e.getCause() instanceof KafkaException cause ? cause : e;
      }
    }
  }
}
