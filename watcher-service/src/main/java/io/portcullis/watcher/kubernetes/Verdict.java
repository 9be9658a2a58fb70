package io.portcullis.watcher.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.json.Json;
import io.portcullis.watcher.manifest.ApiObject;
import io.portcullis.watcher.manifest.Kind;
import io.portcullis.watcher.source.Problem;
import io.portcullis.watcher.source.Severity;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is to be said of an object at the object itself: a condition where its kind has them, an
 * event where something is wrong.
 *
 * @param said the condition that the object has of us already
 */
record Verdict(
    Kind kind,
    String namespace,
    String name,
    String uid,
    long generation,
    List<Problem> problems,
    Optional<Condition> said) {
  static final String CONDITION = "Accepted";
  private static final int LONGEST_MESSAGE = 1_000;
  private static final int LONGEST_NAME = 200;

  Verdict {
    problems = List.copyOf(problems);
  }

  /**
   * A condition as the API has them.
   *
   * @param since when its status became this, as the API writes times
   */
  record Condition(String status, String reason, String message, long generation, String since) {
    private boolean saysTheSameAs(Condition other) {
      return status.equals(other.status)
          && reason.equals(other.reason)
          && message.equals(other.message)
          && generation == other.generation;
    }

    private static Condition of(JsonNode listed) {
      return new Condition(
          listed.path("status").asText(),
          listed.path("reason").asText(),
          listed.path("message").asText(),
          listed.path("observedGeneration").asLong(),
          listed.path("lastTransitionTime").asText());
    }
  }

  /**
   * Of an object that was read.
   *
   * @param shown the object as the server shows it
   */
  static Verdict of(Kind kind, ApiObject object, JsonNode shown) {
    var metadata = shown.path("metadata");
    return new Verdict(
        kind,
        metadata.path("namespace").asText(),
        metadata.path("name").asText(),
        metadata.path("uid").asText(),
        metadata.path("generation").asLong(),
        Stream.concat(object.sighting().problems().stream(), object.warnings().stream())
            .sorted()
            .toList(),
        said(shown));
  }

  private static Optional<Condition> said(JsonNode shown) {
    for (var condition : shown.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(CONDITION)) {
        return Optional.of(Condition.of(condition));
      }
    }
    return Optional.empty();
  }

  /** Whether there is nothing that anybody would be told. */
  boolean isSilent() {
    return problems.isEmpty() && !Kind.tiered().contains(kind);
  }

  /** The condition that the object should have and has not. */
  Optional<Condition> missing(Instant now) {
    if (!Kind.tiered().contains(kind)) {
      return Optional.empty();
    }
    var wanted = condition(now);
    return said.filter(wanted::saysTheSameAs).isPresent() ? Optional.empty() : Optional.of(wanted);
  }

  private boolean isRefused() {
    return problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
  }

  private Condition condition(Instant now) {
    var status = isRefused() ? "False" : "True";
    var since =
        said.filter(before -> before.status().equals(status))
            .map(Condition::since)
            .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    return new Condition(status, reason(), message(), generation, since);
  }

  private String reason() {
    if (isRefused()) {
      return "Invalid";
    }
    return problems.isEmpty() ? "Valid" : "PartlyUnderstood";
  }

  private String message() {
    if (problems.isEmpty()) {
      return "It is enforced as it is written.";
    }
    var all =
        problems.stream()
            .map(problem -> problem.field() + ": " + problem.reason())
            .collect(Collectors.joining("; "));
    var lead =
        isRefused()
            ? "It is refused; an earlier valid form stays enforced, or what it selects is closed: "
            : "What is not understood allows nothing: ";
    var text = lead + all;
    return text.substring(0, Math.min(text.length(), LONGEST_MESSAGE));
  }

  /** The object with nothing but that condition, for applying. */
  ObjectNode with(Condition condition) {
    var object = Json.mapper().createObjectNode();
    object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    object.putObject("metadata").put("name", name);
    object
        .putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", CONDITION)
        .put("status", condition.status())
        .put("reason", condition.reason())
        .put("message", condition.message())
        .put("observedGeneration", condition.generation())
        .put("lastTransitionTime", condition.since());
    return object;
  }

  /**
   * The event that tells what is wrong, if anything is; the same for the same problems of one
   * object, so that it is made once.
   */
  Optional<ObjectNode> event(Instant now) {
    if (problems.isEmpty()) {
      return Optional.empty();
    }
    var event = Json.mapper().createObjectNode().put("apiVersion", "v1").put("kind", "Event");
    event.putObject("metadata").put("name", eventName()).put("namespace", eventNamespace());
    var object = event.putObject("involvedObject");
    object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    object.put("name", name).put("uid", uid);
    if (!namespace.isEmpty()) {
      object.put("namespace", namespace);
    }
    var at = now.truncatedTo(ChronoUnit.SECONDS).toString();
    event.put("type", "Warning").put("reason", reason()).put("message", message());
    event.put("firstTimestamp", at).put("lastTimestamp", at).put("count", 1);
    event.putObject("source").put("component", "portcullis-watcher");
    return Optional.of(event);
  }

  String eventNamespace() {
    return namespace.isEmpty() ? "default" : namespace;
  }

  private String eventName() {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256")
              .digest((uid + message()).getBytes(StandardCharsets.UTF_8));
      var digits = "%064x".formatted(new BigInteger(1, hash)).substring(0, 16);
      return name.substring(0, Math.min(name.length(), LONGEST_NAME)) + "." + digits;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
