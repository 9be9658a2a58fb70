package io.portcullis.topic;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Tells whether a consumer hears from a broker: fetching and polling alone say nothing of one that
 * is away, and a connection says nothing of one that hangs. The polling thread uses it.
 */
final class BrokerLiveness {
  private static final String CONNECTIONS = "connection-count";
  private static final String BYTES = "incoming-byte-total";

  /** An idle consumer gets an empty answer or a heartbeat's every two seconds. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

  /**
   * The pause between two looks. One look at all of a client's metrics takes longer than most
   * polls.
   */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final KafkaConsumer<?, ?> consumer;
  private final LongSupplier clockNanos;
  private boolean connected;
  private double bytes = -1;
  private long heardNanos;
  private long askedNanos;
  private long lookedNanos;
  private boolean isHeard = true;

  BrokerLiveness(KafkaConsumer<?, ?> consumer, LongSupplier clockNanos) {
    this.consumer = consumer;
    this.clockNanos = clockNanos;
    this.askedNanos = clockNanos.getAsLong() - LONGEST_SILENCE.toNanos();
    this.lookedNanos = askedNanos;
  }

  /** Tells after each poll; a time without polls is no silence of the broker's. */
  boolean isHeard() {
    var now = clockNanos.getAsLong();
    var isFirst = now - askedNanos >= LONGEST_SILENCE.toNanos();
    askedNanos = now;
    if (isFirst || now - lookedNanos >= BETWEEN_LOOKS.toNanos()) {
      lookedNanos = now;
      isHeard = look(now, isFirst);
    }
    return isHeard;
  }

  private boolean look(long now, boolean isFirst) {
    var received = metric(BYTES);
    if (received != bytes || isFirst) {
      bytes = received;
      heardNanos = now;
    }
    var isConnected = metric(CONNECTIONS) > 0;
    var isConnecting = !connected;
    connected |= isConnected;
    return (isConnected || isConnecting) && now - heardNanos < LONGEST_SILENCE.toNanos();
  }

  /** Returns the sum over all metrics of that name. */
  private double metric(String name) {
    return consumer.metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals(name))
        .mapToDouble(metric -> metric.getValue().metricValue() instanceof Double n ? n : 0)
        .sum();
  }
}
