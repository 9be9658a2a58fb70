package io.portcullis.validation;

import static io.portcullis.validation.Manifests.cluster;
import static io.portcullis.validation.Manifests.policy;
import static io.portcullis.validation.Manifests.refused;
import static io.portcullis.validation.Tiered.egressSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a rule says of itself that stands for a refused one. */
class RefusedRuleTest {
  @Test
  void n10_aRuleKnowsWhyItWasRefused() {
    var form =
        (ClusterObject.NetworkPolicy)
            refused(policy("{podSelector: {}, ingress: [{}, {ports: [{protocol: tcp}]}, 5]}"))
                .failClosed()
                .orElseThrow();
    assertThat(form.ingress())
        .extracting(rule -> rule.refused().orElse(""))
        .containsExactly(
            "",
            "ports[0].protocol: Unsupported value: \"tcp\": supported values: \"TCP\","
                + " \"UDP\", \"SCTP\"",
            "Invalid value: 5: must be an object");
  }

  @Test
  void a8_aRuleKnowsWhatOfItIsNotKnown() {
    for (var action : List.of("Accept", "Deny")) {
      var unknown = egressSpec(action, "{namespaces: {}}, {services: {}}", "");
      var policy = (TieredPolicy) valid(cluster(unknown));
      assertThat(policy.egress().getFirst().match().refused()).contains("to[1]: not known");
    }
    var policy = (TieredPolicy) valid(cluster(egressSpec("Deny", "{namespaces: {}}", "")));
    assertThat(policy.egress().getFirst().match().refused()).isEmpty();
  }

  private static ClusterObject valid(String text) {
    return Manifests.fromApi(text).sighting().valid().orElseThrow();
  }
}
