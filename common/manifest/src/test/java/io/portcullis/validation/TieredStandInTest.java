package io.portcullis.validation;

import static io.portcullis.validation.Manifests.admin;
import static io.portcullis.validation.Manifests.baseline;
import static io.portcullis.validation.Manifests.cluster;
import static io.portcullis.validation.Manifests.errors;
import static io.portcullis.validation.Manifests.refused;
import static io.portcullis.validation.Tiered.failClosed;
import static io.portcullis.validation.Tiered.many;
import static io.portcullis.validation.Tiered.withIngress;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.Tier;
import io.portcullis.cluster.TieredRule;
import io.portcullis.cluster.TieredRule.Action;
import io.portcullis.sighting.DesiredObjects;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What stands in for a tiered policy that is not valid. */
class TieredStandInTest {
  private static final String EVERY_POD = "{namespaces: {}}";
  private static final TieredRule DENY_ALL =
      new TieredRule("", Action.DENY, new PolicyRule(Optional.empty(), Optional.empty()));

  @Test
  void n10_aDirectionThatIsNoListDeniesAllOfIt() {
    var form =
        failClosed(
            cluster("{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: {a: b}}"));
    assertThat(form.ingress()).containsExactly(DENY_ALL);
    assertThat(form.egress()).isEmpty();
  }

  @Test
  void n10_tooManyRulesStandAsTheyAre() {
    var rule = "{action: Accept, from: [" + EVERY_POD + "]}";
    assertThat(
            failClosed(cluster(withIngress("tier: Admin, priority: 1", many(26, rule)))).ingress())
        .hasSize(26)
        .allSatisfy(read -> assertThat(read.match().peers().orElseThrow()).hasSize(1));
  }

  @Test
  void n10_aNameThatIsTooLongLeavesTheRuleAlone() {
    var name = "ä".repeat(100);
    var rule = "{name: %s, action: Deny, from: [" + EVERY_POD + "]}";
    assertThat(errors(admin(withIngress("priority: 1", rule.formatted(name))))).isEmpty();
    var tooLong = admin(withIngress("priority: 1", rule.formatted(name + "x")));
    assertThat(errors(tooLong))
        .containsExactly("spec.ingress[0].name: Too long: may not be more than 100 bytes");
    assertThat(failClosed(tooLong).ingress().getFirst().match().peers().orElseThrow()).hasSize(1);
  }

  @Test
  void a8_aSubjectThatCannotBeReadIsRefused() {
    for (var subject :
        List.of(
            "{}",
            "{services: {}}",
            "{namespaces: {}, pods: {podSelector: {}}}",
            "{namespaces: {matchExpressions: [{key: a, operator: Near}]}}",
            "{namespaces: {matchLabels: {a: 'b c'}}}",
            "{pods: {}}",
            "all")) {
      var text = cluster("{tier: Admin, priority: 1, subject: " + subject + "}");
      assertThat(errors(text)).as(subject).singleElement().asString().startsWith("spec.subject");
      assertThat(refused(text).failClosed()).as(subject).isEmpty();
    }
  }

  @Test
  void a8_withoutAPlaceInTheOrderOnlyDenialsStand() {
    var rules =
        "subject: {namespaces: {}}, ingress: ["
            + "{name: a, action: Accept, from: [{namespaces: {}}]},"
            + " {name: p, action: Pass, from: [{namespaces: {}}]},"
            + " {name: d, action: Deny, from: [{namespaces: {}}]}]}";
    for (var place :
        List.of(
            "tier: admin, priority: 5",
            "tier: null, priority: 5",
            "tier: Admin, priority: 1001",
            "tier: Baseline, priority: -1",
            "tier: Admin, priority: high")) {
      var form = failClosed(cluster("{" + place + ", " + rules));
      assertThat(form.ingress())
          .as(place)
          .extracting(rule -> rule.name() + " " + rule.action())
          .containsExactly("p DENY", "d DENY");
      assertThat(form.tier()).isEqualTo(place.contains("Baseline") ? Tier.BASELINE : Tier.ADMIN);
      assertThat(form.priority()).isEqualTo(place.endsWith("5") ? 5 : 0);
    }
    assertThat(errors(cluster("{tier: admin, priority: 1001, subject: {namespaces: {}}}")))
        .containsExactly(
            "spec.tier: Unsupported value: \"admin\": supported values: \"Admin\", \"Baseline\"",
            "spec.priority: Invalid value: 1001: spec.priority in body should be less than or equal"
                + " to 1000");
  }

  @Test
  void a4_onlyTheBaselinePolicyNamedDefaultCounts() {
    var text =
        baseline(
                "{subject: {namespaces: {}}, ingress: ["
                    + "{action: Allow, from: [{namespaces: {}}]},"
                    + " {action: Deny, from: [{namespaces: {}}]}]}")
            .replace("name: default", "name: mine");
    assertThat(errors(text))
        .containsExactly(
            "metadata.name: Invalid value: \"mine\": Only one baseline admin network policy with"
                + " metadata.name=\"default\" can be created in the cluster");
    assertThat(failClosed(text).ingress())
        .extracting(TieredRule::action)
        .containsExactly(Action.DENY);
  }

  @Test
  void n10_anEarlierFormOfThePolicyStays() {
    var before =
        Manifests.good(
            TieredPolicy.class,
            cluster("{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: []}"));
    for (var spec :
        List.of(
            "{tier: admin, priority: 1, subject: {namespaces: {}}}",
            "{tier: Admin, priority: 1, subject: {services: {}}}",
            "{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: deny, to: []}]}")) {
      var now = Manifests.read(cluster(spec)).sightings();
      assertThat(DesiredObjects.of(Map.of(before.key(), before), now).values())
          .as(spec)
          .containsExactly(before.withOrigin(before.origin().ofKeptForm()));
    }
  }
}
