package io.portcullis.watcher.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A condition of an object's status, as the Kubernetes API has them.
 *
 * @param generation the object's generation that it is about
 * @param since when its status became this, as the API writes times
 */
public record Condition(
    String status, String reason, String message, long generation, String since) {

  static Condition read(JsonNode listed) {
    return new Condition(
        listed.path("status").asText(),
        listed.path("reason").asText(),
        listed.path("message").asText(),
        listed.path("observedGeneration").asLong(),
        listed.path("lastTransitionTime").asText());
  }

  void write(String type, ObjectNode listed) {
    listed
        .put("type", type)
        .put("status", status)
        .put("reason", reason)
        .put("message", message)
        .put("observedGeneration", generation)
        .put("lastTransitionTime", since);
  }

  /** Tells whether the other one says the same, whenever it became so. */
  boolean saysTheSameAs(Condition other) {
    return status.equals(other.status)
        && reason.equals(other.reason)
        && message.equals(other.message)
        && generation == other.generation;
  }
}
