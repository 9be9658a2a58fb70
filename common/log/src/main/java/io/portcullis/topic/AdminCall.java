package io.portcullis.topic;

import java.util.Collection;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;

/** Waits for what an admin client was asked. */
final class AdminCall {
  private AdminCall() {}

  /**
   * Waits for an answer.
   *
   * @param operation that was asked for, by Kafka's name of it
   * @throws KafkaException that names the operation and the topics where it is refused
   */
  static <T> T get(KafkaFuture<T> answer, String operation, Collection<String> topics) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause
          ? KafkaErrors.named(cause, operation, topics)
          : new KafkaException(e.getCause());
    }
  }
}
