package io.portcullis.sighting;

import static io.portcullis.sighting.Objects.failClosed;
import static io.portcullis.sighting.Objects.namespace;
import static io.portcullis.sighting.Objects.policy;
import static io.portcullis.sighting.Objects.refused;
import static io.portcullis.sighting.Objects.unreadable;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DesiredObjectsPropertyTest {

  @Property
  void orderNeverMatters(
      @ForAll("published") Map<ObjectKey, ClusterObject> published,
      @ForAll("sightings") List<Sighting> sightings,
      @ForAll Random random) {
    var shuffled = new ArrayList<>(sightings);
    Collections.shuffle(shuffled, random);
    assertThat(DesiredObjects.of(published, shuffled))
        .isEqualTo(DesiredObjects.of(published, sightings));
  }

  @Property
  void aRestartWritesNothing(
      @ForAll("published") Map<ObjectKey, ClusterObject> published,
      @ForAll("sightings") List<Sighting> sightings) {
    var once = DesiredObjects.of(published, sightings);
    var again = DesiredObjects.of(once, sightings.stream().map(s -> s.seenAt(1_000)).toList());
    assertThat(again).isEqualTo(once);
  }

  @Property
  void everyObjectIsPublishedAsItWasOrAsItIsSighted(
      @ForAll("published") Map<ObjectKey, ClusterObject> published,
      @ForAll("sightings") List<Sighting> sightings) {
    DesiredObjects.of(published, sightings)
        .forEach(
            (key, object) -> {
              var sighted =
                  sightings.stream()
                      .anyMatch(
                          sighting ->
                              sighting.key().equals(Optional.of(key))
                                  || (sighting instanceof Sighting.Unreadable unreadable
                                      && unreadable.mayHold(object.origin())));
              assertThat(sighted).as("%s is sighted", key).isTrue();
            });
  }

  @Property
  void aValidObjectIsNeverHarmedByAnother(
      @ForAll("published") Map<ObjectKey, ClusterObject> published,
      @ForAll("sightings") List<Sighting> sightings) {
    var good = policy("alone", "x", new Origin("0.yaml", "", 0, 7));
    var with = new ArrayList<>(sightings);
    with.add(new Sighting.Valid(good));
    assertThat(DesiredObjects.of(published, with)).containsEntry(good.key(), good);
  }

  @Provide
  Arbitrary<Map<ObjectKey, ClusterObject>> published() {
    return object()
        .list()
        .ofMaxSize(5)
        .map(
            objects -> {
              var byKey = new TreeMap<ObjectKey, ClusterObject>();
              objects.forEach(object -> byKey.put(object.key(), object));
              return byKey;
            });
  }

  @Provide
  Arbitrary<List<Sighting>> sightings() {
    Arbitrary<Sighting> good =
        object().filter(o -> !o.origin().failClosed()).map(Sighting.Valid::new);
    Arbitrary<Sighting> refused =
        Combinators.combine(plainPolicy(), Arbitraries.of(true, false))
            .as(
                (p, readable) ->
                    refused(p, readable ? Optional.of(failClosed(p)) : Optional.empty()));
    Arbitrary<Sighting> unknown =
        plainNamespace()
            .map(
                n ->
                    new Sighting.UnknownIsolation(
                        namespace(n.key().name(), "u", false, n.origin()), List.of()));
    Arbitrary<Sighting> unreadable =
        Arbitraries.of("a.yaml", "b.yaml", "").map(Objects::unreadable);
    return Arbitraries.oneOf(good, good, refused, unknown, unreadable).list().ofMaxSize(6);
  }

  private static Arbitrary<ClusterObject> object() {
    return Arbitraries.oneOf(
        plainPolicy().map(p -> p),
        plainPolicy().map(p -> failClosed(p)),
        plainNamespace().map(n -> n));
  }

  private static Arbitrary<ClusterObject.NetworkPolicy> plainPolicy() {
    return Combinators.combine(Arbitraries.of("p", "q"), Arbitraries.of("x", "y"), origins())
        .as((name, app, origin) -> policy(name, app, origin));
  }

  private static Arbitrary<ClusterObject.Namespace> plainNamespace() {
    return Combinators.combine(
            Arbitraries.of("n", "m"),
            Arbitraries.of("x", "y"),
            Arbitraries.of(true, false),
            origins())
        .as((name, team, isolated, origin) -> namespace(name, team, isolated, origin));
  }

  private static Arbitrary<Origin> origins() {
    return Combinators.combine(
            Arbitraries.of("a.yaml", "b.yaml"),
            Arbitraries.of("", "u"),
            Arbitraries.longs().between(0, 3))
        .as((file, uid, seen) -> new Origin(file, uid, 0, seen));
  }
}
