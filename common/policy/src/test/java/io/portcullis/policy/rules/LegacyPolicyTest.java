package io.portcullis.policy.rules;

import static io.portcullis.policy.rules.Objects.ALL;
import static io.portcullis.policy.rules.Objects.everyone;
import static io.portcullis.policy.rules.Objects.ingress;
import static io.portcullis.policy.rules.Objects.isolatedNamespace;
import static io.portcullis.policy.rules.Objects.legacyPolicy;
import static io.portcullis.policy.rules.Objects.namespace;
import static io.portcullis.policy.rules.Objects.on;
import static io.portcullis.policy.rules.Objects.pod;
import static io.portcullis.policy.rules.Objects.podsOfTheNamespace;
import static io.portcullis.policy.rules.Objects.rule;
import static io.portcullis.policy.rules.Objects.selector;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.PolicyRule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The namespace annotation and extensions/v1beta1, by the rules that follow and by the oracle. */
class LegacyPolicyTest {
  private static final String FRONTEND = "10.1.0.1";
  private static final String DB = "10.1.0.2";
  private static final String OUTSIDE = "203.0.113.10";

  private static final ClusterObject REDIS =
      legacyPolicy(
          "shop",
          selector("role=db"),
          rule(List.of(podsOfTheNamespace(selector("role=frontend"))), on("tcp/6379")));

  private final Verdicts open =
      Verdicts.of(
          pod("shop/frontend", FRONTEND, "role=frontend"),
          pod("shop/db", DB, "role=db"),
          namespace("shop"));
  private final Verdicts isolated =
      Verdicts.of(
          pod("shop/frontend", FRONTEND, "role=frontend"),
          pod("shop/db", DB, "role=db"),
          isolatedNamespace("shop"));

  @Test
  void l1_theAnnotationIsolatesEveryPodForIngressOnly() {
    assertThat(isolated.allows(FRONTEND, DB, "tcp/6379")).isFalse();
    assertThat(isolated.allows(OUTSIDE, FRONTEND, "tcp/80")).isFalse();
    assertThat(isolated.allows(FRONTEND, OUTSIDE, "tcp/80")).isTrue();
  }

  @Test
  void l1_policiesOfV1AllowInAddition() {
    var both = isolated.and(REDIS, ingress("shop", selector("role=db"), everyone(on("tcp/80"))));
    assertThat(both.allows(OUTSIDE, DB, "tcp/80")).isTrue();
    assertThat(both.allows(FRONTEND, DB, "tcp/6379")).isTrue();
    assertThat(both.allows(OUTSIDE, DB, "tcp/6379")).isFalse();
  }

  @Test
  void l3_aPolicyAddsInAnIsolatedNamespaceAndChangesNothingElsewhere() {
    assertThat(isolated.and(REDIS).allows(FRONTEND, DB, "tcp/6379")).isTrue();
    assertThat(isolated.and(REDIS).allows(FRONTEND, DB, "tcp/6380")).isFalse();
    assertThat(open.and(REDIS).allows(OUTSIDE, DB, "tcp/6380")).isTrue();
    var isolatedByV1 = open.and(REDIS, ingress("shop", selector("role=db")));
    assertThat(isolatedByV1.allows(FRONTEND, DB, "tcp/6379")).isFalse();
  }

  @Test
  void l4_presentButEmptyMatchesNothing() {
    for (var nothing :
        List.of(
            new PolicyRule(Optional.of(List.of()), Optional.empty()),
            new PolicyRule(Optional.empty(), Optional.of(List.of())))) {
      assertThat(isolated.and(legacyPolicy("shop", ALL, nothing)).allows(FRONTEND, DB, "tcp/80"))
          .isFalse();
    }
    assertThat(isolated.and(legacyPolicy("shop", ALL, everyone())).allows(FRONTEND, DB, "icmp"))
        .isTrue();
  }
}
