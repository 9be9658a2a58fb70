package io.portcullis.validation;

import static io.portcullis.validation.Manifests.errors;
import static io.portcullis.validation.Manifests.problems;
import static io.portcullis.validation.Manifests.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.sighting.Severity;
import io.portcullis.sighting.Sighting;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of kinds that are not read, and of objects without a name. */
class UnreadKindsTest {
  @ParameterizedTest
  @CsvSource({
    "networking.k8s.io/v1, networkpolicy, kind, NetworkPolicy",
    "networking.k8s.io/v1, NetworkPolicies, kind, NetworkPolicy",
    "networking.k8s.io/v1, NetworkPolcy, kind, NetworkPolicy",
    "v1, pod, kind, Pod",
    "v1, Pods, kind, Pod",
    "v1, namespace, kind, Namespace",
    "v1, list, kind, List",
    "policy.networking.k8s.io/v1alpha2, ClusterNetworkPolicies, kind, ClusterNetworkPolicy",
    "policy.networking.k8s.io/v1alpha1, adminNetworkPolicy, kind, AdminNetworkPolicy",
    "networking.k8s.io/v1beta1, NetworkPolicy, apiVersion, networking.k8s.io/v1 or extensions/v1beta1",
    "network.k8s.io/v1, NetworkPolicy, apiVersion, networking.k8s.io/v1 or extensions/v1beta1",
    "networking.k8s/v1, NetworkPolicy, apiVersion, networking.k8s.io/v1 or extensions/v1beta1",
    "networking.k8s.io/v1, AdminNetworkPolicy, apiVersion, policy.networking.k8s.io/v1alpha1",
    "V1, Pod, apiVersion, v1",
  })
  void aMisspeltKindIsAnErrorThatNamesTheKindThatWasMeant(
      String apiVersion, String kind, String field, String meant) {
    assertThat(errors(object(apiVersion, kind)))
        .containsExactly(
            "%s: no matches for kind \"%s\" in version \"%s\"; did you mean %s?"
                .formatted(field, kind, apiVersion, meant));
    assertThat(read(object(apiVersion, kind)).sightings())
        .allMatch(Sighting.Unreadable.class::isInstance);
  }

  @Test
  void aPolicyOfKubernetesThatDoesNotExistIsAnError() {
    for (var version : List.of("networking.k8s.io/v1", "policy.networking.k8s.io/v1", "v1")) {
      assertThat(errors(object(version, "GlobalNetworkPolicy")))
          .containsExactly(
              "kind: no matches for kind \"GlobalNetworkPolicy\" in version \"%s\""
                  .formatted(version));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "projectcalico.org/v3, NetworkPolicy",
    "projectcalico.org/v3, GlobalNetworkPolicy",
    "cilium.io/v2, CiliumNetworkPolicy",
    "cilium.io/v2, CiliumClusterwideNetworkPolicy",
    "crd.antrea.io/v1beta1, ClusterNetworkPolicy",
    "network.openshift.io/v1, EgressNetworkPolicy",
    "k8s.ovn.org/v1, EgressFirewall",
    "networking.k8s.aws/v1alpha1, ClusterNetworkPolicy",
  })
  void aPolicyOfAnotherSystemIsAWarningWithItsGroup(String apiVersion, String kind) {
    var group = apiVersion.substring(0, apiVersion.indexOf('/'));
    assertThat(problems(read(object(apiVersion, kind))))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.severity()).isEqualTo(Severity.WARNING);
              assertThat(problem.reason())
                  .isEqualTo("not enforced by Portcullis, it is a policy of " + group);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apps/v1 Deployment",
        "batch/v1 Job",
        "v1 Service",
        "rbac.authorization.k8s.io/v1 Role",
        "networking.k8s.io/v1 Ingress",
        "policy/v1 PodDisruptionBudget",
        "metrics.k8s.io/v1beta1 PodMetrics",
        "longhorn.io/v1beta2 Node",
      })
  void otherObjectsHaveNoPart(String typed) {
    var words = typed.split(" ");
    assertThat(problems(read(object(words[0], words[1]))))
        .singleElement()
        .satisfies(problem -> assertThat(problem.severity()).isEqualTo(Severity.NOTE));
  }

  @Test
  void anObjectThatMayHaveNoNamespaceIsShownWithTheOneThatItNames() {
    var role = object("rbac.authorization.k8s.io/v1", "ClusterRole");
    assertThat(problems(read(role)).map(problem -> problem.object()))
        .containsExactly("ClusterRole/a");
    assertThat(problems(read("kind: Namespace\nmetadata:\n  name: a\n  labels: [\n")))
        .singleElement()
        .satisfies(problem -> assertThat(problem.object()).isEqualTo("Namespace/a"));
  }

  @Test
  void n10_l6_onlyAServerMakesANameFromGenerateName() {
    var policy =
        Manifests.policy("{podSelector: {}, ingress: [{}]}")
            .replace("name: web", "generateName: web-");
    assertThat(errors(policy))
        .containsExactly(
            "metadata.name: Required value: only an API server makes a name from generateName;"
                + " write a name");
    var closed = (NetworkPolicy) closed(policy);
    assertThat(closed.key().name()).startsWith("web-?");
    assertThat(closed.key()).isEqualTo(closed(policy).key());
    assertThat(closed.key()).isNotEqualTo(closed(policy.replace("[{}]", "[]")).key());
    var pod =
        Manifests.object(
            "Pod", "{generateName: web-}", "spec: {nodeName: n1}\nstatus: {podIP: 10.0.0.1}");
    assertThat(((Pod) closed(pod)).addresses()).hasSize(1);
  }

  private static io.portcullis.cluster.ClusterObject closed(String text) {
    return Manifests.refused(text).failClosed().orElseThrow();
  }

  private static String object(String apiVersion, String kind) {
    return "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: a}\n";
  }
}
