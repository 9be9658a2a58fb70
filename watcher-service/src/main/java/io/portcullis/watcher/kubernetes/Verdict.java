package io.portcullis.watcher.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.history.Rollout.Reach;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is to be said of an object at the object itself: a condition where its kind has them, an
 * event where something is wrong.
 *
 * @param said the conditions that the object has of us already, by type
 */
record Verdict(
    Kind kind,
    String namespace,
    String name,
    String uid,
    long generation,
    List<Problem> problems,
    Map<String, Condition> said) {
  static final String ACCEPTED = "Accepted";
  static final String ENFORCED = "Enforced";
  private static final int MOST_NAMES = 10;
  private static final int LONGEST_MESSAGE = 1_000;
  private static final int LONGEST_NAME = 200;

  Verdict {
    problems = List.copyOf(problems);
    said = Map.copyOf(said);
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

  private static Map<String, Condition> said(JsonNode shown) {
    var said = new HashMap<String, Condition>();
    for (var condition : shown.path("status").path("conditions")) {
      var type = condition.path("type").asText();
      if (type.equals(ACCEPTED) || type.equals(ENFORCED)) {
        said.put(type, Condition.of(condition));
      }
    }
    return said;
  }

  /** Whether there is nothing that anybody would be told. */
  boolean isSilent() {
    return problems.isEmpty() && !Kind.tiered().contains(kind);
  }

  /** Which nodes hold a generation of the object that has this UID. */
  record Reached(String uid, long generation, Reach reach) {}

  /**
   * All conditions that the object should have of us; empty where it has them.
   *
   * @param reached how far it is known to have come; what it says of that stays meanwhile
   */
  SortedMap<String, Condition> missing(Optional<Reached> reached, Instant now) {
    var wanted = new TreeMap<String, Condition>();
    if (!Kind.tiered().contains(kind)) {
      return wanted;
    }
    wanted.put(ACCEPTED, accepted(now));
    reached
        .filter(nodes -> nodes.uid().equals(uid) && nodes.generation() == generation)
        .map(nodes -> enforced(nodes.reach(), now))
        .or(() -> Optional.ofNullable(said.get(ENFORCED)))
        .ifPresent(condition -> wanted.put(ENFORCED, condition));
    var isSaid =
        wanted.entrySet().stream()
            .allMatch(
                each ->
                    said.containsKey(each.getKey())
                        && each.getValue().saysTheSameAs(said.get(each.getKey())));
    return isSaid ? Collections.emptySortedMap() : wanted;
  }

  private boolean isRefused() {
    return problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
  }

  private Condition accepted(Instant now) {
    return condition(ACCEPTED, !isRefused(), reason(), message(), now);
  }

  private Condition enforced(Reach reach, Instant now) {
    var complete = reach.isComplete();
    return condition(
        ENFORCED, complete, complete ? "OnAllNodes" : "OnItsWay", enforcedOn(reach), now);
  }

  private static String enforcedOn(Reach reach) {
    if (reach.behind().isEmpty()) {
      return reach.nodes() == 0
          ? "There is no node."
          : "All %d nodes hold it.".formatted(reach.nodes());
    }
    var behind = reach.behind();
    var more = behind.size() - MOST_NAMES;
    return "%d of %d nodes hold it; not yet: %s%s"
        .formatted(
            reach.nodes() - behind.size(),
            reach.nodes(),
            behind.stream().limit(MOST_NAMES).collect(Collectors.joining(", ")),
            more > 0 ? " and %d more".formatted(more) : "");
  }

  private Condition condition(
      String type, boolean holds, String reason, String message, Instant now) {
    var status = holds ? "True" : "False";
    var since =
        Optional.ofNullable(said.get(type))
            .filter(before -> before.status().equals(status))
            .map(Condition::since)
            .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    return new Condition(status, reason, message, generation, since);
  }

  private String reason() {
    if (isRefused()) {
      return "Invalid";
    }
    return problems.isEmpty() ? "Valid" : "PartlyUnderstood";
  }

  private String message() {
    if (problems.isEmpty()) {
      return "All of it is understood.";
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

  /** The object with nothing but those conditions, for applying. */
  ObjectNode with(SortedMap<String, Condition> conditions) {
    var object = Json.mapper().createObjectNode();
    object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    object.putObject("metadata").put("name", name);
    var list = object.putObject("status").putArray("conditions");
    conditions.forEach(
        (type, condition) ->
            list.addObject()
                .put("type", type)
                .put("status", condition.status())
                .put("reason", condition.reason())
                .put("message", condition.message())
                .put("observedGeneration", condition.generation())
                .put("lastTransitionTime", condition.since()));
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
