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
import io.portcullis.cluster.Origin;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DesiredObjectsTest {
  private static final Map<ObjectKey, ClusterObject> NOTHING = Map.of();

  @Test
  void whatIsSightedIsDesiredAndWhatIsNotIsGone() {
    var gone = policy("gone", "x", origin("a.yaml", 1));
    var here = policy("here", "x", origin("a.yaml", 2));
    assertThat(desired(published(gone), new Sighting.Valid(here))).containsExactly(here);
  }

  @Test
  void theSameObjectSeenAgainIsNotWrittenAgain() {
    var before = policy("web", "x", origin("a.yaml", 1));
    var again = policy("web", "x", origin("a.yaml", 2));
    assertThat(desired(published(before), new Sighting.Valid(again)))
        .singleElement()
        .isSameAs(before);
    var moved = policy("web", "x", origin("b.yaml", 2));
    assertThat(desired(published(before), new Sighting.Valid(moved))).containsExactly(moved);
  }

  @Test
  void n10_anEarlierFormFromTheSameFileStays() {
    var before = policy("web", "old", origin("a.yaml", 1));
    var broken = policy("web", "new", origin("a.yaml", 2));
    assertThat(desired(published(before), refused(broken, Optional.of(failClosed(broken)))))
        .containsExactly(kept(before));
  }

  @Test
  void n10_anEarlierFormWithTheSameUidStaysWhateverFileItMovedTo() {
    var before = policy("web", "old", new Origin("a.yaml", "u-1", 1, 1));
    var broken = policy("web", "new", new Origin("b.yaml", "u-1", 2, 2));
    assertThat(desired(published(before), refused(broken, Optional.of(failClosed(broken)))))
        .containsExactly(kept(before));
    var another = policy("web", "new", new Origin("b.yaml", "u-2", 1, 2));
    assertThat(desired(published(before), refused(another, Optional.of(failClosed(another)))))
        .containsExactly(failClosed(another));
  }

  @Test
  void n10_withoutAnEarlierFormItFailsClosed() {
    var broken = policy("web", "new", origin("a.yaml", 2));
    assertThat(desired(NOTHING, refused(broken, Optional.of(failClosed(broken)))))
        .containsExactly(failClosed(broken));
    assertThat(desired(NOTHING, refused(broken, Optional.empty()))).isEmpty();
    var elsewhere = policy("web", "old", origin("b.yaml", 1));
    assertThat(desired(published(elsewhere), refused(broken, Optional.of(failClosed(broken)))))
        .containsExactly(failClosed(broken));
  }

  @Test
  void n10_aFailClosedFormIsNoEarlierFormButTheNextOneReplacesIt() {
    var first = failClosed(policy("web", "one", origin("a.yaml", 1)));
    var edited = policy("web", "two", origin("a.yaml", 2));
    assertThat(desired(published(first), refused(edited, Optional.of(failClosed(edited)))))
        .containsExactly(failClosed(edited));
    assertThat(desired(published(first), refused(edited, Optional.empty())))
        .as("it stays closed while nothing can be read")
        .containsExactly(first);
  }

  @Test
  void n10_ofAFileThatCannotBeReadAllStaysThatIsNotSightedElsewhere() {
    var kept = policy("kept", "x", origin("a.yaml", 1));
    var moved = policy("moved", "x", origin("a.yaml", 1));
    var other = policy("other", "x", origin("b.yaml", 1));
    var movedNow = policy("moved", "y", origin("c.yaml", 2));
    assertThat(
            desired(
                published(kept, moved, other), unreadable("a.yaml"), new Sighting.Valid(movedNow)))
        .containsExactly(kept(kept), movedNow);
  }

  @Test
  void n10_aDirectoryThatCannotBeReadKeepsAllBelowIt() {
    var below = policy("below", "x", origin("team/a.yaml", 1));
    var beside = policy("beside", "x", origin("team-b/a.yaml", 1));
    assertThat(desired(published(below, beside), unreadable("team/"))).containsExactly(kept(below));
  }

  @Test
  void l2_theLastReadableIsolationStaysAndTheRestIsTaken() {
    var before = namespace("shop", "old", true, origin("a.yaml", 1));
    var now = namespace("shop", "new", false, origin("a.yaml", 2));
    var unknown = new Sighting.UnknownIsolation(now, List.of());
    var expected = namespace("shop", "new", true, origin("a.yaml", 2));
    assertThat(desired(published(before), unknown)).containsExactly(expected);
    assertThat(desired(published(expected), unknown))
        .as("a restart writes nothing")
        .singleElement()
        .isSameAs(expected);
    assertThat(desired(NOTHING, unknown)).containsExactly(now);
    assertThat(desired(published(expected), new Sighting.Valid(now))).containsExactly(now);
  }

  @Test
  void theSameObjectInTwoFilesCountsInTheOneThatSortsFirst() {
    var first = policy("web", "a", origin("a.yaml", 1));
    var second = policy("web", "b", origin("b.yaml", 1));
    var sightings = List.<Sighting>of(new Sighting.Valid(second), new Sighting.Valid(first));
    assertThat(DesiredObjects.of(NOTHING, sightings).values()).containsExactly(first);
    assertThat(Duplicates.problems(sightings))
        .singleElement()
        .extracting(Problem::text)
        .isEqualTo(
            "b.yaml: NetworkPolicy/shop/web: metadata.name: Duplicate value: the same object is in"
                + " a.yaml, which counts");
  }

  @Test
  void n10_aKeptFormIsAsWrittenAgainWhenItIsSeenAgain() {
    var before = policy("web", "old", origin("a.yaml", 1));
    var broken = policy("web", "new", origin("a.yaml", 2));
    var again = policy("web", "old", origin("a.yaml", 3));
    assertThat(desired(published(kept(before)), refused(broken, Optional.empty())))
        .as("a restart writes nothing")
        .containsExactly(kept(before));
    assertThat(desired(published(kept(before)), new Sighting.Valid(again))).containsExactly(again);
  }

  private static ClusterObject kept(ClusterObject object) {
    return object.withOrigin(object.origin().ofKeptForm());
  }

  private static Collection<ClusterObject> desired(
      Map<ObjectKey, ClusterObject> published, Sighting... whole) {
    return DesiredObjects.of(published, List.of(whole)).values();
  }
}
