package io.portcullis.watcher.status;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.json.Json;
import io.portcullis.validation.Kind;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * An event at an object that tells what is wrong with it.
 *
 * @param namespace of the object, empty where it has none
 * @param uid of the object
 * @param reason in one word
 */
record WarningEvent(
    Kind kind, String namespace, String name, String uid, String reason, String message) {
  private static final int LONGEST_NAME = 200;

  /** Where events of the object are. */
  String place() {
    return namespace.isEmpty() ? "default" : namespace;
  }

  /** The event; of the same name for the same message about one object, so that it is made once. */
  ObjectNode event(Instant now) {
    var event = Json.mapper().createObjectNode().put("apiVersion", "v1").put("kind", "Event");
    event.putObject("metadata").put("name", eventName()).put("namespace", place());
    var object = event.putObject("involvedObject");
    object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    object.put("name", name).put("uid", uid);
    if (!namespace.isEmpty()) {
      object.put("namespace", namespace);
    }
    var at = now.truncatedTo(ChronoUnit.SECONDS).toString();
    event.put("type", "Warning").put("reason", reason).put("message", message);
    event.put("firstTimestamp", at).put("lastTimestamp", at).put("count", 1);
    event.putObject("source").put("component", "portcullis-watcher");
    return event;
  }

  private String eventName() {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256")
              .digest((uid + message).getBytes(StandardCharsets.UTF_8));
      var digits = "%064x".formatted(new BigInteger(1, hash)).substring(0, 16);
      return name.substring(0, Math.min(name.length(), LONGEST_NAME)) + "." + digits;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
