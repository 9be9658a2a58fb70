package io.portcullis.watcher.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.sighting.DesiredObjects;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.sighting.Sighting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SourceStateTest {
  private static final Problem PROBLEM =
      new Problem(Origin.API, "Namespace/n", "metadata.labels", "Invalid value", Severity.ERROR);

  /** What becomes of one object, and whether what came so far is published then. */
  private record Step(int number, What what, int uid, boolean publish) {}

  private enum What {
    GOOD,
    OTHER,
    REFUSED,
    GONE
  }

  private static ObjectKey key(int number) {
    return new ObjectKey("core", "Namespace", "", "n" + number);
  }

  private static Optional<Sighting> sighting(Step step) {
    var uid = "uid-" + step.uid();
    var origin = new Origin(Origin.API, uid, 1, 0);
    var key = key(step.number());
    return switch (step.what()) {
      case GOOD -> Optional.of(new Sighting.Valid(new Namespace(key, origin, Map.of(), false)));
      case OTHER -> Optional.of(new Sighting.Valid(new Namespace(key, origin, Map.of(), true)));
      case REFUSED ->
          Optional.of(
              new Sighting.Invalid(key, Origin.API, uid, Optional.empty(), List.of(PROBLEM)));
      case GONE -> Optional.empty();
    };
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 4),
            Arbitraries.of(What.class),
            Arbitraries.integers().between(0, 1),
            Arbitraries.of(true, false))
        .as(Step::new)
        .list()
        .ofMaxSize(30);
  }

  /** Publishing what is said to have changed leads where publishing all would. */
  @Property
  void whatHasChangedIsAllThatMustBeLookedAt(@ForAll("steps") List<Step> steps) {
    var state = new SourceState();
    state.take(new SourceEvent.Changed(List.of(), Set.of(), Map.of()));
    var published = new TreeMap<ObjectKey, ClusterObject>();
    var upTo = state.changes();
    for (var step : steps) {
      var shown = sighting(step);
      state.take(
          new SourceEvent.Changed(
              shown.stream().toList(),
              shown.isEmpty() ? Set.of(key(step.number())) : Set.of(),
              Map.of()));
      if (!step.publish()) {
        continue;
      }
      var expected = DesiredObjects.of(published, new ArrayList<>(state.sightings().values()));
      for (var key : state.changedSince(upTo).orElseThrow()) {
        DesiredObjects.one(
                Optional.ofNullable(published.get(key)),
                Optional.ofNullable(state.sightings().get(key)),
                state.unreadable())
            .ifPresentOrElse(object -> published.put(key, object), () -> published.remove(key));
      }
      upTo = state.changes();
      state.forgetChangesUntil(upTo);
      assertThat(published).isEqualTo(expected);
    }
    assertThat(new HashSet<>(state.problems()).size()).isLessThanOrEqualTo(1);
  }

  @Example
  void n10_anObjectThatWasMadeAnewIsNotTheEarlierOne() {
    var state = new SourceState();
    state.take(new SourceEvent.Changed(List.of(), Set.of(), Map.of()));
    var first = sighting(new Step(0, What.OTHER, 0, true)).orElseThrow();
    var published = DesiredObjects.of(Map.of(), List.of(first));
    var same = sighting(new Step(0, What.REFUSED, 0, true)).orElseThrow();
    var another = sighting(new Step(0, What.REFUSED, 1, true)).orElseThrow();
    var kept = new TreeMap<>(published);
    kept.replaceAll((_, object) -> object.withOrigin(object.origin().ofKeptForm()));
    assertThat(DesiredObjects.of(published, List.of(same))).isEqualTo(kept);
    assertThat(DesiredObjects.of(published, List.of(another))).isEmpty();
  }

  @Example
  void aSourceThatIsLostIsFoundAgainWithWhatItHad() {
    var state = new SourceState();
    assertThat(state.lost()).isPresent();
    assertThat(state.isWhole()).isFalse();
    var good = sighting(new Step(0, What.GOOD, 0, true)).orElseThrow();
    state.take(new SourceEvent.Changed(List.of(good), Set.of(), Map.of()));
    var changes = state.changes();
    state.take(new SourceEvent.Lost("no answer", 1));
    assertThat(state.lost()).isPresent();
    assertThat(state.sightings()).containsOnlyKeys(key(0));
    state.take(new SourceEvent.Found());
    assertThat(state.lost()).isEmpty();
    assertThat(state.changes()).isEqualTo(changes);
    state.take(new SourceEvent.Changed(List.of(), Set.of(), Map.of(key(0), List.of(PROBLEM))));
    assertThat(state.problems()).containsExactly(PROBLEM);
    state.take(new SourceEvent.Changed(List.of(), Set.of(key(0)), Map.of()));
    assertThat(state.problems()).isEmpty();
    assertThat(state.sightings()).isEmpty();
  }
}
