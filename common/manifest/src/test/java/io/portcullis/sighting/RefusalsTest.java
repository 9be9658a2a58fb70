package io.portcullis.sighting;

import static io.portcullis.sighting.Objects.failClosed;
import static io.portcullis.sighting.Objects.namespace;
import static io.portcullis.sighting.Objects.origin;
import static io.portcullis.sighting.Objects.policy;
import static io.portcullis.sighting.Objects.published;
import static io.portcullis.sighting.Objects.refused;
import static io.portcullis.sighting.Objects.unreadable;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RefusalsTest {
  private static final long MICROS = 1_700_000_000_000_000L;
  private static final Map<ObjectKey, ClusterObject> NOTHING = Map.of();

  @Test
  void n10_whatIsInForceIsSaidWithTheProblem() {
    var broken = policy("web", "new", origin("a.yaml", 2));
    var refused = refused(broken, Optional.of(failClosed(broken)));
    var before = policy("web", "old", origin("a.yaml", MICROS));
    assertThat(words(refused, published(before)))
        .isEqualTo("earlier form enforced since 2023-11-14T22:13:20Z");
    assertThat(words(refused, NOTHING))
        .isEqualTo(
            "closed: isolates the pods that it selects, for ingress, and its refused rules allow"
                + " nothing");
    assertThat(words(refused(broken, Optional.empty()), NOTHING)).isEqualTo("not enforced at all");
  }

  @Test
  void n10_ofAFileThatCannotBeReadTheObjectsAreNamed() {
    var policies =
        IntStream.range(0, 7)
            .mapToObj(i -> (ClusterObject) policy("p" + i, "x", origin("a.yaml", MICROS)))
            .toArray(ClusterObject[]::new);
    assertThat(words(unreadable("a.yaml"), published(policies)))
        .startsWith(
            "NetworkPolicy/shop/p0: earlier form enforced since 2023-11-14T22:13:20Z,"
                + " NetworkPolicy/shop/p1: earlier")
        .endsWith(" and 2 more");
    assertThat(words(unreadable("b.yaml"), published(policies))).isEqualTo("not enforced at all");
  }

  @Test
  void l2_theIsolationOfANamespaceIsSaid() {
    var now = namespace("shop", "new", false, origin("a.yaml", 2));
    var problem = new Problem("a.yaml", "Namespace/shop", "metadata", "unreadable", Severity.ERROR);
    var unknown = new Sighting.UnknownIsolation(now, List.of(problem));
    assertThat(words(unknown, published(namespace("shop", "old", true, origin("a.yaml", 1)))))
        .isEqualTo("the isolation of before is enforced");
    assertThat(words(unknown, NOTHING)).isEqualTo("not enforced at all");
  }

  @Test
  void aProblemOfAValidObjectSaysNothing() {
    var problem = new Problem("a.yaml", "x", "spec", "unknown field", Severity.WARNING);
    var valid = new Sighting.Valid(policy("web", "x", origin("a.yaml", 1)));
    assertThat(Refusals.told(List.of(problem), List.of(valid), NOTHING)).containsExactly(problem);
  }

  private static String words(Sighting sighting, Map<ObjectKey, ClusterObject> published) {
    var inForce = DesiredObjects.of(published, List.of(sighting));
    var told = Refusals.told(sighting.problems(), List.of(sighting), inForce);
    assertThat(told)
        .isNotEmpty()
        .allSatisfy(p -> assertThat(p.text()).endsWith("; " + p.inForce().orElseThrow()));
    return told.getFirst().inForce().orElseThrow();
  }
}
