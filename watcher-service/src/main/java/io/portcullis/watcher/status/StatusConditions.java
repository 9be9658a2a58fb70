package io.portcullis.watcher.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
 * What one object should say of itself, and what it says already. An object whose kind has
 * conditions gets them; an object with problems gets an event.
 *
 * @param apiVersion in which the server has shown the object, and takes its status
 * @param problems what is wrong with the object
 * @param said the conditions that a watcher has written at the object, by type
 */
public record StatusConditions(
    Kind kind,
    String apiVersion,
    String namespace,
    String name,
    String uid,
    long generation,
    List<Problem> problems,
    Map<String, Condition> said) {
  static final String ACCEPTED = "Accepted";
  static final String ENFORCED = "Enforced";
  private static final int MOST_NAMES = 10;

  public StatusConditions {
    problems = List.copyOf(problems);
    said = Map.copyOf(said);
  }

  /**
   * Reads what an object that the server shows says of itself.
   *
   * @param apiVersion in which it was asked for
   * @param shown the object as the server shows it
   */
  public static StatusConditions of(
      Kind kind, String apiVersion, ApiObject object, JsonNode shown) {
    var metadata = shown.path("metadata");
    return new StatusConditions(
        kind,
        apiVersion,
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
        said.put(type, Condition.read(condition));
      }
    }
    return said;
  }

  /** Tells whether the object needs neither a condition nor an event. */
  public boolean isSilent() {
    return problems.isEmpty() && !Kind.tiered().contains(kind);
  }

  /**
   * Returns all conditions that a watcher should write at the object; none where the object has
   * them.
   *
   * @param reached which nodes hold the object; what the object says of that stays while it is not
   *     known
   */
  SortedMap<String, Condition> missing(Optional<Reached> reached, Instant now) {
    if (!Kind.tiered().contains(kind)) {
      return Collections.emptySortedMap();
    }
    var wanted = new TreeMap<String, Condition>();
    wanted.put(ACCEPTED, condition(ACCEPTED, !isInvalid(), reason(), message(), now));
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

  /** Returns this with what is in force of the object, if it was refused. */
  StatusConditions withInForce(String words) {
    return new StatusConditions(
        kind,
        apiVersion,
        namespace,
        name,
        uid,
        generation,
        problems.stream().map(p -> isError(p) ? p.withInForce(words) : p).toList(),
        said);
  }

  /** Tells whether it is known what is in force of the object. */
  boolean isTold() {
    return errors().allMatch(problem -> problem.inForce().isPresent());
  }

  private boolean isInvalid() {
    return errors().findAny().isPresent();
  }

  private Stream<Problem> errors() {
    return problems.stream().filter(StatusConditions::isError);
  }

  private static boolean isError(Problem problem) {
    return problem.severity() == Severity.ERROR;
  }

  private String reason() {
    if (isInvalid()) {
      return "Invalid";
    }
    return problems.isEmpty() ? "Valid" : "PartlyUnderstood";
  }

  private String message() {
    if (problems.isEmpty()) {
      return "It is valid, and all of it is understood.";
    }
    return WarningEvent.text(
        isInvalid()
            ? "It is invalid; %s: "
                .formatted(errors().findFirst().flatMap(Problem::inForce).orElse("refused"))
            : "Parts that are not understood allow nothing: ",
        problems);
  }

  /** Returns the event that tells what is wrong with the object, if anything is. */
  Optional<WarningEvent> warning() {
    return problems.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new WarningEvent(
                apiVersion, kind.kind(), namespace, name, uid, reason(), message(), message()));
  }

  /** Returns the object with nothing but its name and those conditions, for applying. */
  ObjectNode with(SortedMap<String, Condition> conditions) {
    var object = Json.mapper().createObjectNode();
    object.put("apiVersion", apiVersion).put("kind", kind.kind());
    object.putObject("metadata").put("name", name);
    var list = object.putObject("status").putArray("conditions");
    conditions.forEach((type, condition) -> condition.write(type, list.addObject()));
    return object;
  }
}
