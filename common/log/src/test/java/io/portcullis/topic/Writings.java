package io.portcullis.topic;

import io.portcullis.topic.ShardContent.Difference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What a difference writes, without a broker. */
public final class Writings {
  private Writings() {}

  /** Returns the last value of each key that the difference writes; empty where it removes one. */
  public static Map<String, Optional<byte[]>> of(Difference difference)
      throws InterruptedException {
    try (var producer =
        new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer())) {
      difference.write(new Transaction(producer));
      var last = new HashMap<String, Optional<byte[]>>();
      producer.history().forEach(item -> last.put(item.key(), Optional.ofNullable(item.value())));
      return last;
    }
  }
}
