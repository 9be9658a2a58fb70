package io.portcullis.watcher.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.json.Json;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.validation.ApiObject;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.status.Rollout.Reach;
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
public record StatusConditions(
    Kind kind,
    String namespace,
    String name,
    String uid,
    long generation,
    List<Problem> problems,
    Map<String, Condition> said) {
  public static final String ACCEPTED = "Accepted";
  public static final String ENFORCED = "Enforced";
  private static final String UNMET = "NamedPortMissing";
  private static final int MOST_NAMES = 10;
  private static final int LONGEST_MESSAGE = 1_000;

  public StatusConditions {
    problems = List.copyOf(problems);
    said = Map.copyOf(said);
  }

  /**
   * A condition as the API has them.
   *
   * @param since when its status became this, as the API writes times
   */
  public record Condition(
      String status, String reason, String message, long generation, String since) {
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
  public static StatusConditions of(Kind kind, ApiObject object, JsonNode shown) {
    var metadata = shown.path("metadata");
    return new StatusConditions(
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
  public boolean isSilent() {
    return problems.isEmpty() && !Kind.tiered().contains(kind);
  }

  /** Which nodes hold a generation of the object that has this UID. */
  public record Reached(String uid, long generation, Reach reach) {}

  /**
   * All conditions that the object should have of us; empty where it has them.
   *
   * @param reached how far it is known to have come; what it says of that stays meanwhile
   */
  public SortedMap<String, Condition> missing(Optional<Reached> reached, Instant now) {
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
    var lead =
        isRefused()
            ? "It is refused; an earlier valid form stays enforced, or what it selects is closed: "
            : "What is not understood allows nothing: ";
    return text(lead, problems);
  }

  private static String text(String lead, List<Problem> problems) {
    var text =
        problems.stream()
            .map(problem -> problem.field() + ": " + problem.reason())
            .collect(Collectors.joining("; ", lead, ""));
    return text.substring(0, Math.min(text.length(), LONGEST_MESSAGE));
  }

  /**
   * What is to be told of an object for what others lack.
   *
   * @param uid of the object
   */
  public static WarningEvent unmet(Kind kind, ObjectKey key, String uid, List<Problem> problems) {
    return new WarningEvent(kind, key.namespace(), key.name(), uid, UNMET, text("", problems));
  }

  /** The object with nothing but those conditions, for applying. */
  public ObjectNode with(SortedMap<String, Condition> conditions) {
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

  /** What tells what is wrong, if anything is. */
  public Optional<WarningEvent> warning() {
    return problems.isEmpty()
        ? Optional.empty()
        : Optional.of(new WarningEvent(kind, namespace, name, uid, reason(), message()));
  }
}
