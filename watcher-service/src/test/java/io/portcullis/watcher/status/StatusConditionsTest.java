package io.portcullis.watcher.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.json.Json;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.validation.ApiObject;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.status.Rollout.Reach;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatusConditionsTest {
  private static final Instant NOW = Instant.parse("2026-05-04T03:02:01.5Z");
  private static final String BEFORE = "2026-01-01T00:00:00Z";

  private static StatusConditions policy(Map<String, Condition> said, Problem... problems) {
    return new StatusConditions(
        Kind.CLUSTER_POLICY,
        Kind.CLUSTER_POLICY.apiVersion(),
        "",
        "deny",
        "uid",
        4,
        List.of(problems),
        said);
  }

  private static Problem problem(Severity severity) {
    return new Problem("api", "deny", "spec.priority", "must be less than 1001", severity);
  }

  private static Optional<Reached> reached(
      String uid, long generation, int nodes, String... behind) {
    return Optional.of(
        new Reached(uid, generation, new Reach(nodes, new TreeSet<>(Set.of(behind)))));
  }

  private static SortedMap<String, Condition> missing(StatusConditions status) {
    return status.missing(Optional.empty(), NOW);
  }

  @Test
  void aValidPolicyIsAccepted() {
    assertThat(missing(policy(Map.of())))
        .isEqualTo(
            Map.of(
                "Accepted",
                new Condition(
                    "True",
                    "Valid",
                    "It is valid, and all of it is understood.",
                    4,
                    "2026-05-04T03:02:01Z")));
    assertThat(policy(Map.of()).warning()).isEmpty();
  }

  @Test
  void anInvalidPolicyIsNotAcceptedAndGetsAnEvent() {
    var status = policy(Map.of(), problem(Severity.ERROR), problem(Severity.WARNING));
    var accepted = missing(status).get("Accepted");
    assertThat(accepted.status()).isEqualTo("False");
    assertThat(accepted.reason()).isEqualTo("Invalid");
    assertThat(accepted.message()).endsWith("spec.priority: must be less than 1001");
    var event = status.warning().orElseThrow();
    assertThat(event.reason()).isEqualTo("Invalid");
    assertThat(event.message()).isEqualTo(accepted.message());
  }

  @Test
  void aPolicyThatIsPartlyUnderstoodIsAcceptedWithTheReason() {
    var accepted = missing(policy(Map.of(), problem(Severity.WARNING))).get("Accepted");
    assertThat(accepted.status()).isEqualTo("True");
    assertThat(accepted.reason()).isEqualTo("PartlyUnderstood");
  }

  @Test
  void whatThePolicySaysAlreadyIsNotWrittenAgain() {
    var said = missing(policy(Map.of()));
    assertThat(missing(policy(said))).isEmpty();
    var older = said.get("Accepted");
    assertThat(missing(policy(Map.of("Accepted", at(older, 3, BEFORE))))).hasSize(1);
  }

  @Test
  void theTimeOfAConditionIsThatOfItsStatus() {
    var said = at(missing(policy(Map.of())).get("Accepted"), 3, BEFORE);
    assertThat(missing(policy(Map.of("Accepted", said))).get("Accepted").since()).isEqualTo(BEFORE);
    assertThat(
            missing(policy(Map.of("Accepted", said), problem(Severity.ERROR)))
                .get("Accepted")
                .since())
        .isEqualTo("2026-05-04T03:02:01Z");
  }

  private static Condition at(Condition condition, long generation, String since) {
    return new Condition(
        condition.status(), condition.reason(), condition.message(), generation, since);
  }

  @Test
  void a11_aPolicyIsEnforcedWhenAllNodesHoldIt() {
    var enforced = policy(Map.of()).missing(reached("uid", 4, 3), NOW).get("Enforced");
    assertThat(enforced.status()).isEqualTo("True");
    assertThat(enforced.reason()).isEqualTo("OnAllNodes");
    assertThat(enforced.message()).isEqualTo("All 3 nodes hold it.");
  }

  @Test
  void a11_aPolicyOnItsWayNamesTheNodesThatAreBehind() {
    var enforced = policy(Map.of()).missing(reached("uid", 4, 3, "b", "a"), NOW).get("Enforced");
    assertThat(enforced.status()).isEqualTo("False");
    assertThat(enforced.reason()).isEqualTo("OnItsWay");
    assertThat(enforced.message()).isEqualTo("1 of 3 nodes hold it; not yet: a, b");
    var many = IntStream.range(10, 25).mapToObj(Integer::toString).collect(Collectors.toSet());
    assertThat(
            policy(Map.of())
                .missing(reached("uid", 4, 15, many.toArray(String[]::new)), NOW)
                .get("Enforced")
                .message())
        .endsWith("18, 19 and 5 more");
    assertThat(policy(Map.of()).missing(reached("uid", 4, 0), NOW).get("Enforced").message())
        .isEqualTo("There is no node.");
  }

  @Test
  void a11_whatNodesHoldOfAnotherPolicyOrGenerationSaysNothing() {
    assertThat(policy(Map.of()).missing(reached("another", 4, 3), NOW)).hasSize(1);
    assertThat(policy(Map.of()).missing(reached("uid", 3, 3), NOW)).hasSize(1);
    var said = new Condition("True", "OnAllNodes", "All 3 nodes hold it.", 3, BEFORE);
    assertThat(policy(Map.of("Enforced", said)).missing(reached("uid", 3, 5), NOW))
        .containsEntry("Enforced", said); // an applied condition that is left out would be removed
  }

  @Test
  void otherKindsHaveNoConditionsAndSpeakOnlyOfProblems() {
    var namespace =
        new StatusConditions(Kind.NAMESPACE, "v1", "", "shop", "uid", 0, List.of(), Map.of());
    assertThat(namespace.isSilent()).isTrue();
    assertThat(missing(namespace)).isEmpty();
    var wrong =
        new StatusConditions(
            Kind.NAMESPACE, "v1", "", "shop", "uid", 0, List.of(problem(Severity.ERROR)), Map.of());
    assertThat(wrong.isSilent()).isFalse();
    assertThat(missing(wrong)).isEmpty();
    assertThat(wrong.warning().orElseThrow().place()).isEqualTo("default");
    assertThat(policy(Map.of()).isSilent()).isFalse();
  }

  @Test
  void whatAnObjectSaysIsReadFromItsStatus() {
    var shown =
        Json.mapper()
            .createObjectNode()
            .put("apiVersion", Kind.CLUSTER_POLICY.apiVersion())
            .put("kind", Kind.CLUSTER_POLICY.kind());
    shown.putObject("metadata").put("name", "deny").put("uid", "uid").put("generation", 4);
    var conditions = missing(policy(Map.of()));
    shown.set("status", policy(Map.of()).with(conditions).get("status"));
    shown
        .withArray("/status/conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", "True"); // another controller's
    var read =
        StatusConditions.of(
            Kind.CLUSTER_POLICY, Kind.CLUSTER_POLICY.apiVersion(), object(shown.toString()), shown);
    assertThat(read.said()).isEqualTo(conditions);
    assertThat(read.uid()).isEqualTo("uid");
    assertThat(read.generation()).isEqualTo(4);
    assertThat(read.problems()).isNotEmpty(); // it has no spec
  }

  private static ApiObject object(String text) {
    return ApiObject.read(
        Kind.CLUSTER_POLICY,
        Json.read(
            text.getBytes(StandardCharsets.UTF_8), com.fasterxml.jackson.databind.JsonNode.class),
        1);
  }

  @Test
  void theSameWarningHasTheSameNameSoThatItIsMadeOnce() {
    var status = policy(Map.of(), problem(Severity.ERROR));
    var event = status.warning().orElseThrow().event(NOW);
    var later = status.warning().orElseThrow().event(NOW.plusSeconds(60));
    assertThat(event.at("/metadata/name")).isEqualTo(later.at("/metadata/name"));
    assertThat(event.at("/involvedObject/uid").asText()).isEqualTo("uid");
    assertThat(event.at("/type").asText()).isEqualTo("Warning");
    var other = policy(Map.of(), problem(Severity.WARNING)).warning().orElseThrow().event(NOW);
    assertThat(other.at("/metadata/name")).isNotEqualTo(event.at("/metadata/name"));
  }
}
