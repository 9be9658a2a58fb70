package io.portcullis.topic;

import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Whether a consumer talks to a broker: fetching and polling alone say nothing of one that is away.
 */
final class Connections {
  private static final String COUNT = "connection-count";

  private Connections() {}

  static boolean any(KafkaConsumer<?, ?> consumer) {
    return consumer.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals(COUNT))
        .anyMatch(metric -> metric.getValue().metricValue() instanceof Double n && n > 0);
  }
}
