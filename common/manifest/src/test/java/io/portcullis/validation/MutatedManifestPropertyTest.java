package io.portcullis.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.TieredRule.Action;
import io.portcullis.manifest.Document;
import io.portcullis.manifest.DocumentParser;
import io.portcullis.manifest.FileContents;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Sighting;
import io.portcullis.sighting.Sighting.Invalid;
import io.portcullis.sighting.Sighting.Valid;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.StreamSupport;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** N10: a manifest with a fault harms itself only, and opens nothing. */
class MutatedManifestPropertyTest {
  private static final List<String> NEIGHBOURS =
      Originals.ALL.stream().map(Originals::renamed).toList();

  /** A way to change a manifest. */
  private enum Change {
    FLIPPED,
    REPLACED,
    SWAPPED,
    REMOVED,
    RENAMED;

    byte[] of(String text, Random random) {
      return switch (this) {
        case FLIPPED -> Mutations.flipped(text, random);
        case REPLACED -> Mutations.replaced(text, random);
        case SWAPPED -> Mutations.swapped(text, random);
        case REMOVED -> Mutations.removed(text, random);
        case RENAMED -> Mutations.renamed(text, random);
      };
    }
  }

  @Property(tries = 1000)
  void n10_noMutantHarmsItsNeighbours(
      @ForAll("originals") String original, @ForAll Change change, @ForAll Random random) {
    var reading = FileContents.of("f.yaml", amongNeighbours(change.of(original, random)), 0);
    var others = Manifests.read(String.join("---\n", NEIGHBOURS)).sightings();
    assertThat(reading.sightings())
        .extracting(sighting -> sighting.key().map(Object::toString).orElse("?"))
        .containsAll(others.stream().map(s -> s.key().orElseThrow().toString()).toList());
    assertThat(reading.sightings().size() + reading.remarks().size())
        .as("sightings and remarks, the mutant's too")
        .isGreaterThan(NEIGHBOURS.size());
    assertThat(Manifests.problems(reading).map(Problem::text))
        .allSatisfy(line -> assertThat(line.lines()).hasSize(1));
  }

  @Property(tries = 1000)
  void n10_noMutantOpensWhatItsPolicyIsolated(
      @ForAll("policies") String original, @ForAll Change change, @ForAll Random random) {
    var mutant = change.of(original, random);
    var before = ((Valid) Manifests.read(original).sightings().getFirst()).object();
    for (var sighting : Manifests.read(mutant).sightings()) {
      if (sighting instanceof Invalid refused && refused.id().equals(before.key())) {
        assertThat(refused.problems()).isNotEmpty();
        var isOtherwise = change == Change.SWAPPED || hasBlank(spec(mutant));
        checkClosed(before, refused, sameSubject(original, mutant), isOtherwise);
      }
    }
  }

  /**
   * Whether a field has no value, as if it were not there: without ports a rule is of all ports.
   */
  private static boolean hasBlank(JsonNode spec) {
    return spec.isNull()
        || StreamSupport.stream(spec.spliterator(), false)
            .anyMatch(MutatedManifestPropertyTest::hasBlank);
  }

  /**
   * @param isOtherwise whether its rules say something else, in a way that is valid
   */
  private static void checkClosed(
      ClusterObject before, Invalid refused, boolean sameSubject, boolean isOtherwise) {
    var form = refused.failClosed();
    assertThat(form.isPresent() || !sameSubject).as("something stands in").isTrue();
    switch (before) {
      case NetworkPolicy policy when sameSubject ->
          assertThat(((NetworkPolicy) form.orElseThrow()).types()).containsAll(policy.types());
      case TieredPolicy policy when sameSubject && !isOtherwise ->
          checkNoMoreThan(policy, (TieredPolicy) form.orElseThrow());
      case NetworkPolicy _, TieredPolicy _ -> {}
      case ClusterObject.Pod _, ClusterObject.Node _, Namespace _ ->
          throw new AssertionError("no policy: " + before);
    }
  }

  /** A flow is denied, or decided as before, or was accepted before and is not sooner now. */
  private static void checkNoMoreThan(TieredPolicy before, TieredPolicy form) {
    for (var direction : Direction.values()) {
      for (var flow : TieredFlows.all()) {
        var was = TieredFlows.decision(before.rules(direction), flow);
        var is = TieredFlows.decision(form.rules(direction), flow);
        assertThat(is.equals(Optional.of(Action.DENY)) || is.equals(was) || was.equals(ACCEPTED))
            .as("%s of %s: was %s, is %s", direction, flow, was, is)
            .isTrue();
      }
    }
  }

  private static final Optional<Action> ACCEPTED = Optional.of(Action.ACCEPT);

  private static boolean sameSubject(String original, byte[] mutant) {
    var before = spec(original.getBytes(StandardCharsets.UTF_8));
    var after = spec(mutant);
    return after.isObject()
        && after.path("podSelector").equals(before.path("podSelector"))
        && after.path("subject").equals(before.path("subject"));
  }

  private static JsonNode spec(byte[] text) {
    var values = DocumentParser.parse(Document.split(text).getFirst()).values();
    return values.isEmpty() ? MissingNode.getInstance() : values.getFirst().path("spec");
  }

  private static byte[] amongNeighbours(byte[] mutant) {
    var half = NEIGHBOURS.size() / 2;
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(utf8(String.join("---\n", NEIGHBOURS.subList(0, half)) + "---\n"));
    bytes.writeBytes(mutant);
    bytes.writeBytes(
        utf8("\n---\n" + String.join("---\n", NEIGHBOURS.subList(half, NEIGHBOURS.size()))));
    return bytes.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Provide
  Arbitrary<String> originals() {
    return Arbitraries.of(Originals.ALL);
  }

  @Provide
  Arbitrary<String> policies() {
    return Arbitraries.of(Originals.POLICIES);
  }

  @Property(tries = 1)
  void everyOriginalIsValid() {
    for (var original : Originals.ALL) {
      assertThat(Manifests.read(original).sightings())
          .singleElement()
          .satisfiesAnyOf(
              sighting -> assertThat(sighting).isInstanceOf(Valid.class),
              sighting -> assertThat(sighting).isInstanceOf(Sighting.UnknownIsolation.class));
      assertThat(Manifests.warnings(original)).as(original).isEmpty();
    }
  }
}
