package io.portcullis.topic;

import java.util.Map;

/**
 * A topic as its writer wants it.
 *
 * @param partitions how many; fixed once the topic exists
 * @param settings of the topic that matter, by Kafka's own names; others keep the broker's defaults
 */
public record TopicSpec(String name, int partitions, Map<String, String> settings) {
  public TopicSpec {
    settings = Map.copyOf(settings);
  }
}
