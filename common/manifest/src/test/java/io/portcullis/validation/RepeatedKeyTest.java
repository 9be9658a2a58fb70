package io.portcullis.validation;

import static io.portcullis.validation.Manifests.errors;
import static io.portcullis.validation.Manifests.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.sighting.Sighting;
import java.util.List;
import org.junit.jupiter.api.Test;

/** N10: nobody can tell which value of a repeated key counts, so that its object fails closed. */
class RepeatedKeyTest {
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {}
        ingress:
        - from: [{podSelector: {}}]
          from: null
      """;

  @Test
  void n10_aRuleThatRepeatsAKeyMatchesNothing() {
    assertThat(errors(POLICY))
        .containsExactlyInAnyOrder(
            "spec.ingress[0].from: the key appears twice", "line 8: the key appears twice: from");
    assertThat(form(POLICY).ingress()).containsExactly(PolicyRule.NOTHING);
  }

  @Test
  void n10_aRepeatedDirectionIsolatesBoth() {
    var text =
        POLICY.replace(
            "  ingress:", "  policyTypes: [Ingress]\n  policyTypes: [Egress]\n  ingress:");
    assertThat(form(text).types()).containsExactlyInAnyOrder(Direction.values());
  }

  @Test
  void n10_aRepeatedSelectorClosesAllPodsThatItMayMean() {
    var good = POLICY.replace("    from: null\n", "");
    for (var selector :
        List.of(
            "podSelector: {matchLabels: {app: a}}\n  podSelector: {}",
            "podSelector: {matchLabels: {app: a}, matchLabels: {app: b}}",
            "podSelector: {matchLabels: {app: a, app: b}}",
            "podSelector: {matchExpressions: [{key: app, operator: In, values: [a], values: [b]}]}",
            "podSelector: {matchExpressions: [{key: app, operator: Exists, operator: Exists}]}")) {
      var form = form(good.replace("podSelector: {}\n  ingress", selector + "\n  ingress"));
      assertThat(form.subjects()).as(selector).isEqualTo(LabelSelector.EVERYTHING);
      assertThat(form.ingress()).as("who may was not meant for all these pods").isEmpty();
    }
  }

  @Test
  void n10_jsonIsReadAlike() {
    var json =
        """
        {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "web"},
        \t"spec": {"podSelector": {}, "ingress": [{}], "ingress": [{"from": []}]}}
        """;
    assertThat(errors(json))
        .containsExactlyInAnyOrder(
            "spec.ingress: the key appears twice", "line 2: Duplicate field 'ingress'");
    assertThat(form(json).ingress()).isEmpty();
    assertThat(form(json).types()).containsExactly(Direction.INGRESS);
  }

  @Test
  void n10_whatMakesAnObjectIsNotGuessed() {
    for (var key : List.of("kind: NetworkPolicy", "apiVersion: v1", "metadata: {name: other}")) {
      assertThat(read(POLICY.replace("    from: null\n", "") + key + "\n").sightings())
          .as(key)
          .isNotEmpty()
          .allSatisfy(sighting -> assertThat(sighting).isInstanceOf(Sighting.Unreadable.class));
    }
  }

  @Test
  void aKeyThatNothingReadsIsToldAndHarmsNothing() {
    var reading =
        read(
            Manifests.object(
                "Pod",
                "{name: a}",
                "spec: {containers: [{env: [{name: a, value: b, value: c}]}]}"));
    assertThat(reading.sightings()).anyMatch(Sighting.Valid.class::isInstance);
    assertThat(errors(reading)).containsExactly("line 4: the key appears twice: value");
  }

  private static NetworkPolicy form(String text) {
    return read(text).sightings().stream()
        .filter(Sighting.Invalid.class::isInstance)
        .map(sighting -> Manifests.withoutReasons(sighting.readableForm().orElseThrow()))
        .map(NetworkPolicy.class::cast)
        .findFirst()
        .orElseThrow();
  }
}
