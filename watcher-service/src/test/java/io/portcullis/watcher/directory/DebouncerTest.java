package io.portcullis.watcher.directory;

import static io.portcullis.sighting.Objects.origin;
import static io.portcullis.sighting.Objects.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.manifest.FileContents;
import io.portcullis.sighting.Sighting;
import io.portcullis.watcher.directory.FileSnapshot.Signature;
import io.portcullis.watcher.source.Remarks;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DebouncerTest {
  private static final long MILLI = 1_000_000;

  private final Debouncer debouncer = new Debouncer();
  private final TreeMap<String, FileSnapshot> files = new TreeMap<>();
  private long version;

  @Test
  void theFirstLookShowsNothingUntilASecondAgrees() {
    write("a.yaml", "one");
    var first = look(0);
    assertThat(first.contents()).isEmpty();
    assertThat(first.next()).contains(Duration.ofMillis(100));
    assertThat(names(look(100))).containsExactly("one x");
  }

  @Test
  void atTheStartAFileThatIsJustBeingReplacedIsWaitedFor() {
    write("a.yaml", "one");
    look(0);
    remove("a.yaml");
    assertThat(look(90).contents()).isEmpty();
    assertThat(look(110).contents()).isEmpty();
    write("a.yaml", "one");
    assertThat(look(150).contents()).isEmpty();
    assertThat(names(look(250))).containsExactly("one x");
  }

  @Test
  void aTreeThatNeverRestsIsShownInTheEndWithWhatIsStillBeingWritten() {
    write("a.yaml", "one");
    look(0);
    var shown = look(0);
    for (var at = 50; at < 2_000; at += 50) {
      writeHalf("b.yaml", "half");
      shown = look(at);
      assertThat(shown.contents()).isEmpty();
    }
    writeHalf("b.yaml", "half");
    assertThat(names(look(2_000))).containsExactly("one x", "b.yaml: it is still being written");
  }

  @Test
  void additionsAndChangesCountAtOnce() {
    started();
    write("b.yaml", "two");
    assertThat(names(look(1_000))).containsExactly("one x", "two x");
    write("a.yaml", form("one", "new"));
    assertThat(names(look(1_001))).containsExactly("one new", "two x");
  }

  @Test
  void aRemovalCountsWhenASecondLookAgrees() {
    started();
    remove("a.yaml");
    var outcome = look(1_000);
    assertThat(names(outcome)).containsExactly("one x");
    assertThat(outcome.next()).contains(Duration.ofMillis(100));
    assertThat(names(look(1_099))).containsExactly("one x");
    assertThat(names(look(1_100))).isEmpty();
  }

  @Test
  void aFileThatIsEmptyForAMomentRemovesNothing() {
    started();
    writeHalf("a.yaml", new String[0]);
    assertThat(names(look(1_000))).containsExactly("one x");
    write("a.yaml", form("one", "new"));
    assertThat(names(look(1_050))).containsExactly("one new");
    writeHalf("a.yaml", new String[0]);
    assertThat(names(look(1_200))).containsExactly("one new");
    assertThat(names(look(1_300))).as("it is empty").isEmpty();
  }

  @Test
  void anObjectMissingFromAFileThatGoesOnChangingStays() {
    started();
    for (var at = 1_000; at < 2_000; at += 60) {
      write("a.yaml", "other");
      assertThat(names(look(at))).containsExactly("one x", "other x");
    }
    assertThat(names(look(2_060))).containsExactly("other x");
  }

  @Test
  void anObjectThatMovesToAnotherFileIsNeverMissingNorDouble() {
    started();
    remove("a.yaml");
    write("b.yaml", form("one", "new"));
    var outcome = look(1_000);
    assertThat(names(outcome)).containsExactly("one new");
    assertThat(outcome.contents().orElseThrow().remarks()).isEqualTo(Remarks.NONE);
  }

  @Test
  void whatMayBeHalfWrittenCountsWhenASecondLookFindsItUnchanged() {
    started();
    writeHalf("a.yaml", form("one", "half"));
    assertThat(names(look(1_000))).containsExactly("one x");
    writeHalf("a.yaml", form("one", "more"));
    assertThat(names(look(1_090))).containsExactly("one x");
    assertThat(names(look(1_110))).containsExactly("one x");
    assertThat(names(look(1_190))).containsExactly("one more");
  }

  @Test
  void aNewFileThatMayBeHalfWrittenWaitsToo() {
    started();
    writeHalf("b.yaml", "two");
    assertThat(names(look(1_000))).containsExactly("one x");
    assertThat(names(look(1_100))).containsExactly("one x", "two x");
  }

  @Test
  void aFileThatCanNoLongerBeReadIsToldAndWhatItHeldIsLeftToWhatIsPublished() {
    started();
    files.put(
        "a.yaml",
        new FileSnapshot(
            new Signature(1, ++version, "f"), FileContents.unreadable("a.yaml", "broken"), false));
    assertThat(names(look(1_000))).containsExactly("one x", "a.yaml: broken");
    assertThat(names(look(1_100))).containsExactly("a.yaml: broken");
  }

  @Test
  void afterALossWhatIsMissingIsRemovedWhenTheTreeHasBeenQuietForASecond() {
    started();
    write("b.yaml", "two");
    look(1_000);
    debouncer.lost();
    files.clear();
    assertThat(names(look(5_000))).containsExactly("one x", "two x");
    write("b.yaml", "two");
    assertThat(names(look(5_900))).containsExactly("one x", "two x");
    assertThat(names(look(6_500))).containsExactly("one x", "two x");
    assertThat(names(look(6_900))).containsExactly("two x");
    remove("b.yaml");
    look(7_000);
    assertThat(names(look(7_100))).as("from then on as ever").isEmpty();
  }

  @Test
  void whatIsLostBeforeItWasKnownStartsAnew() {
    write("a.yaml", "one");
    look(0);
    debouncer.lost();
    write("a.yaml", "one");
    assertThat(look(60_000).contents()).isEmpty();
    assertThat(names(look(60_100))).containsExactly("one x");
  }

  private void started() {
    write("a.yaml", "one");
    look(0);
    assertThat(names(look(100))).containsExactly("one x");
  }

  private Debouncer.Outcome look(long milli) {
    return debouncer.take(new TreeSnapshot(new TreeMap<>(files), new TreeMap<>()), milli * MILLI);
  }

  private static ClusterObject form(String name, String app) {
    return policy(name, app, origin("", 0));
  }

  private void write(String file, String... names) {
    write(file, Stream.of(names).map(name -> form(name, "x")).toArray(ClusterObject[]::new));
  }

  private void write(String file, ClusterObject... objects) {
    files.put(file, written(file, false, objects));
  }

  private void writeHalf(String file, String... names) {
    writeHalf(file, Stream.of(names).map(name -> form(name, "x")).toArray(ClusterObject[]::new));
  }

  private void writeHalf(String file, ClusterObject... objects) {
    files.put(file, written(file, true, objects));
  }

  private FileSnapshot written(String file, boolean half, ClusterObject... objects) {
    var sightings =
        Stream.of(objects)
            .<Sighting>map(object -> new Sighting.Valid(object.withOrigin(origin(file, 0))))
            .toList();
    return new FileSnapshot(
        new Signature(1, ++version, "f"), new FileContents(sightings, List.of()), half);
  }

  private void remove(String file) {
    files.remove(file);
  }

  /** What is shown: a policy's name and app, or what cannot be read. */
  private static List<String> names(Debouncer.Outcome outcome) {
    return Stream.concat(
            outcome.contents().orElseThrow().objects().values().stream(),
            outcome.contents().orElseThrow().remarks().unreadable().stream())
        .map(
            sighting ->
                switch (sighting) {
                  case Sighting.Valid(ClusterObject.NetworkPolicy policy) ->
                      policy.key().name() + " " + policy.subjects().matchLabels().get("app");
                  case Sighting.Unreadable(var source, var problem) ->
                      source + ": " + problem.reason();
                  default -> sighting.key().map(ObjectKey::toString).orElse("?");
                })
        .toList();
  }
}
