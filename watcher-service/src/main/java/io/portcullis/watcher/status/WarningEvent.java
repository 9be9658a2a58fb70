package io.portcullis.watcher.status;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.json.Json;
import io.portcullis.sighting.Problem;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.publish.KindReport;
import io.portcullis.watcher.source.MissingPorts;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A Kubernetes event that tells what is wrong with an object.
 *
 * @param apiVersion of the object
 * @param kind of the object
 * @param namespace of the object, empty where it has none
 * @param uid of the object, empty if it is not known
 * @param reason in one word
 * @param occurrence what tells this event from others about the object; one is made for each
 */
record WarningEvent(
    String apiVersion,
    String kind,
    String namespace,
    String name,
    String uid,
    String reason,
    String message,
    String occurrence) {
  private static final String MISSING_PORT = "NamedPortMissing";
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_MESSAGE = 1_000;

  /** Makes the event of a policy that names ports that no pod has. */
  static WarningEvent of(ObjectKey key, MissingPorts missing) {
    var kind = Kind.of(key);
    var message = text("", missing.problems());
    return new WarningEvent(
        kind.apiVersion(),
        kind.kind(),
        key.namespace(),
        key.name(),
        missing.form().uid(),
        MISSING_PORT,
        message,
        message);
  }

  /**
   * Makes the event of a kind that cannot be read, or is gone; it is about its definition. Another
   * reason why it still cannot be read is no other event.
   */
  static WarningEvent of(KindReport report) {
    var message = report.kind().kind() + ": " + report.text();
    return new WarningEvent(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "",
        report.kind().resource(),
        "",
        report.word(),
        message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)),
        report.word() + " " + report.known().sinceMicros());
  }

  /** Writes problems in one line that is not too long for the API. */
  static String text(String lead, List<Problem> problems) {
    var text =
        problems.stream()
            .map(problem -> problem.field() + ": " + problem.reason())
            .collect(Collectors.joining("; ", lead, ""));
    return text.substring(0, Math.min(text.length(), LONGEST_MESSAGE));
  }

  /** Returns the namespace in which the event is made. */
  String place() {
    return namespace.isEmpty() ? "default" : namespace;
  }

  /**
   * Returns the event as the API has it. The same occurrence at the same object has the same name,
   * so that its event is made once.
   */
  ObjectNode event(Instant now) {
    var event = Json.mapper().createObjectNode().put("apiVersion", "v1").put("kind", "Event");
    event.putObject("metadata").put("name", eventName()).put("namespace", place());
    var object = event.putObject("involvedObject");
    object.put("apiVersion", apiVersion).put("kind", kind).put("name", name);
    if (!uid.isEmpty()) {
      object.put("uid", uid);
    }
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
              .digest((uid + occurrence).getBytes(StandardCharsets.UTF_8));
      var digits = "%064x".formatted(new BigInteger(1, hash)).substring(0, 16);
      return name.substring(0, Math.min(name.length(), LONGEST_NAME)) + "." + digits;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
