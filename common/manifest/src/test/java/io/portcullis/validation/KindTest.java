package io.portcullis.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ObjectKey;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KindTest {
  @Test
  void aKindIsNamedAsInObjectsOrByItsDefinition() {
    assertThat(Kind.named("ClusterNetworkPolicy")).contains(Kind.CLUSTER_POLICY);
    assertThat(Kind.named("clusternetworkpolicies.policy.networking.k8s.io"))
        .contains(Kind.CLUSTER_POLICY);
    assertThat(Kind.named("clusternetworkpolicies")).isEmpty();
    assertThat(Kind.POD.resource()).isEqualTo("pods");
  }

  @Test
  void eachVersionOfAKindHasItsPathAndTheNewestComesFirst() {
    assertThat(Kind.CLUSTER_POLICY.apiVersions())
        .containsExactly("policy.networking.k8s.io/v1beta1", "policy.networking.k8s.io/v1alpha2");
    assertThat(Kind.CLUSTER_POLICY.path("policy.networking.k8s.io/v1alpha2"))
        .isEqualTo("/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies");
    assertThat(Kind.POD.path()).isEqualTo("/api/v1/pods");
    for (var kind : Kind.values()) {
      assertThat(kind.apiVersions())
          .allSatisfy(version -> assertThat(Kind.of(version, kind.kind())).contains(kind));
    }
  }

  /** Policies of two groups have one kind's name, and sort beside each other. */
  @Test
  void theObjectsOfAKindAreFoundAmongAllOthers() {
    var old = Kind.LEGACY_POLICY.key("a", "same");
    var first = Kind.NETWORK_POLICY.key("a", "same");
    var second = Kind.NETWORK_POLICY.key("b", "other");
    var keys = new TreeSet<>(List.of(second, old, first, ObjectKey.pod("a", "same")));
    keys.add(ObjectKey.node("same"));
    assertThat(Kind.NETWORK_POLICY.among(keys)).containsExactly(first, second);
    assertThat(Kind.LEGACY_POLICY.among(keys)).containsExactly(old);
    assertThat(Kind.CLUSTER_POLICY.among(keys)).isEmpty();
  }
}
