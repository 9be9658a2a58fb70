package io.portcullis.watcher.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Sighting;
import io.portcullis.watcher.source.SourceEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real saves by real programs. */
@Timeout(60)
class ManifestDirectoryTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  @TempDir Path temporary;
  private Path root;
  private ManifestDirectory source;
  private final List<SourceEvent.Whole> wholes = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    root = Files.createDirectory(temporary.resolve("manifests"));
    source = open(root);
  }

  private static ManifestDirectory open(Path root) {
    return new ManifestDirectory(
        root, () -> TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()));
  }

  @AfterEach
  void close() {
    source.close();
  }

  @Test
  void theFirstEventIsAllThatIsThere() throws Exception {
    write("a.yaml", pod("one", "x"));
    write("deep/er/b.yaml", pod("two", "x"));
    assertThat(pods(whole())).isEqualTo(Map.of("one", "x", "two", "x"));
  }

  @Test
  void anEmptyDirectoryIsWholeToo() throws Exception {
    assertThat(whole().sightings()).isEmpty();
  }

  @Test
  void savesOfEveryKindAreSeenAtOnceAndOpenNothing() throws Exception {
    write("a.yaml", pod("one", "v0"));
    whole();
    var saves =
        List.of(
            "printf '%s' \"$TEXT\" | cat > a.yaml",
            "sed -i 's/app: v[0-9]*/app: NEW/' a.yaml",
            "printf '%s' \"$TEXT\" > ../new && mv ../new a.yaml",
            "printf '%s' \"$TEXT\" > ../new && cp ../new a.yaml",
            "rm a.yaml && printf '%s' \"$TEXT\" > a.yaml",
            "mv a.yaml a.yaml~ && printf '%s' \"$TEXT\" > a.yaml && rm a.yaml~",
            "dd of=a.yaml bs=1 2>/dev/null <<EOF\n$TEXT\nEOF");
    for (var i = 0; i < saves.size(); i++) {
      var version = "v" + (i + 1);
      var save = saves.get(i).replace("NEW", version);
      shell(save, pod("one", version));
      assertThat(pods(awaitPods(shown -> version.equals(shown.get("one"))))).as(save).hasSize(1);
    }
    assertThat(wholes).allSatisfy(whole -> assertThat(pods(whole)).containsKey("one"));
  }

  @Test
  void threeHundredSavesInALoopNeverShowTheObjectMissing() throws Exception {
    write("a.yaml", pod("one", "v0"));
    write("b.yaml", pod("two", "x"));
    whole();
    var saving =
        CompletableFuture.runAsync(
            () ->
                shell(
                    "i=0; while [ $i -lt 300 ]; do i=$((i+1));"
                        + " case $((i % 3)) in"
                        + " 0) printf '%s' \"$TEXT\" | sed \"s/v0/v$i/\" > a.yaml;;"
                        + " 1) sed -i \"s/app: .*}/app: v$i}}/\" a.yaml;;"
                        + " 2) rm a.yaml; printf '%s' \"$TEXT\" | sed \"s/v0/v$i/\" > a.yaml;;"
                        + " esac; done",
                    pod("one", "v0")));
    awaitPods(shown -> "v300".equals(shown.get("one")));
    saving.get(LONG.toSeconds(), TimeUnit.SECONDS);
    assertThat(wholes.size()).as("changes were seen as they came").isGreaterThan(50);
    assertThat(wholes).allSatisfy(whole -> assertThat(pods(whole)).containsOnlyKeys("one", "two"));
  }

  @Test
  void aChangeIsSeenWithinMilliseconds() throws Exception {
    write("a.yaml", pod("one", "v0"));
    whole();
    var delays = new ArrayList<Long>();
    for (var i = 1; i <= 100; i++) {
      var version = "v" + i;
      var before = System.nanoTime();
      write("a.yaml", pod("one", version));
      awaitPods(shown -> version.equals(shown.get("one")));
      delays.add((System.nanoTime() - before) / 1_000);
    }
    delays.sort(null);
    assertThat(delays.get(50)).as("median in microseconds of %s", delays).isLessThan(20_000);
  }

  @Test
  void aRemovalIsSeenWhenASecondLookAgrees() throws Exception {
    write("a.yaml", pod("one", "x"));
    write("b.yaml", pod("two", "x"));
    whole();
    var before = System.nanoTime();
    Files.delete(root.resolve("a.yaml"));
    awaitPods(shown -> !shown.containsKey("one"));
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Duration.ofMillis(100), Duration.ofSeconds(2));
  }

  @Test
  void aWriterThatPausesInTheMiddleIsWaitedFor() throws Exception {
    write("a.yaml", pod("one", "v0") + "---\n" + pod("two", "v0"));
    whole();
    var writing =
        CompletableFuture.runAsync(
            () ->
                shell(
                    "exec 3> a.yaml; printf '%s' \"$TEXT\" | head -c 50 >&3; sleep 0.05;"
                        + " printf '%s' \"$TEXT\" | tail -c +51 >&3",
                    pod("one", "v1") + "---\n" + pod("two", "v1")));
    awaitPods(shown -> shown.equals(Map.of("one", "v1", "two", "v1")));
    writing.get(LONG.toSeconds(), TimeUnit.SECONDS);
    assertThat(wholes)
        .allSatisfy(
            whole -> {
              assertThat(pods(whole)).containsOnlyKeys("one", "two");
              assertThat(whole.problems()).isEmpty();
            });
  }

  @Test
  void aFileWithoutALineEndAtItsEndIsTakenAllTheSame() throws Exception {
    whole();
    write("a.yaml", pod("one", "x").strip());
    awaitPods(shown -> shown.containsKey("one"));
    write("b.json", "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"two\"}}");
    awaitPods(shown -> shown.containsKey("two"));
  }

  @Test
  void newAndRenamedAndRemovedDirectoriesAreFollowed() throws Exception {
    whole();
    write("new/deep/a.yaml", pod("one", "v1"));
    awaitPods(shown -> "v1".equals(shown.get("one")));
    write("new/deep/a.yaml", pod("one", "v2"));
    awaitPods(shown -> "v2".equals(shown.get("one")));
    shell("mv new other", "");
    var moved = awaitWhole(whole -> sources(whole).contains("other/deep/a.yaml"));
    assertThat(pods(moved)).containsOnlyKeys("one");
    write("other/deep/a.yaml", pod("one", "v3"));
    awaitPods(shown -> "v3".equals(shown.get("one")));
    shell("rm -r other", "");
    awaitPods(Map::isEmpty);
  }

  @Test
  void aConfigMapsDataIsSwapped() throws Exception {
    shell("mkdir ..1 && printf '%s' \"$TEXT\" > ..1/a.yaml", pod("one", "v1"));
    shell("ln -s ..1 ..data && ln -s ..data/a.yaml a.yaml", "");
    assertThat(pods(whole())).isEqualTo(Map.of("one", "v1"));
    for (var i = 2; i < 6; i++) {
      var version = "v" + i;
      shell(
          "mkdir ..%d && printf '%%s' \"$TEXT\" > ..%d/a.yaml && ln -s ..%d ..tmp && mv -T ..tmp ..data && rm -r ..%d"
              .formatted(i, i, i, i - 1),
          pod("one", version));
      awaitPods(shown -> version.equals(shown.get("one")));
    }
    assertThat(wholes).allSatisfy(whole -> assertThat(pods(whole)).containsKey("one"));
  }

  @Test
  void aDirectoryThatIsGoneIsLostAndComesBack() throws Exception {
    write("a.yaml", pod("one", "x"));
    whole();
    shell("mv ../manifests ../away", "");
    assertThat(event()).isInstanceOf(SourceEvent.Lost.class);
    assertThat(source.next(Duration.ofMillis(700))).as("it is told once").isEmpty();
    shell("mv away manifests", "", temporary);
    assertThat(pods(whole())).isEqualTo(Map.of("one", "x"));
    write("a.yaml", pod("one", "v2"));
    awaitPods(shown -> "v2".equals(shown.get("one")));
  }

  @Test
  void aDirectoryThatComesBackFileByFileLosesNothing() throws Exception {
    write("a.yaml", pod("one", "x"));
    write("b.yaml", pod("two", "x"));
    whole();
    shell("rm -r ../manifests", "", temporary.resolve("manifests"));
    awaitEvent(event -> event instanceof SourceEvent.Lost);
    var copying =
        CompletableFuture.runAsync(
            () ->
                shell(
                    "mkdir manifests; sleep 0.3; printf '%s' \"$TEXT\" > manifests/a.yaml;"
                        + " sleep 0.3; printf '%s' \"$TEXT\" | sed 's/one/two/' > manifests/b.yaml",
                    pod("one", "z"), temporary));
    awaitPods(shown -> shown.equals(Map.of("one", "z", "two", "z")));
    copying.get(LONG.toSeconds(), TimeUnit.SECONDS);
    assertThat(wholes).allSatisfy(whole -> assertThat(pods(whole)).containsKeys("one", "two"));
  }

  @Test
  void aDirectoryReplacedByAnotherIsReadAndWatched() throws Exception {
    write("a.yaml", pod("one", "x"));
    write("b.yaml", pod("two", "x"));
    whole();
    Files.createDirectory(temporary.resolve("next"));
    Files.writeString(temporary.resolve("next/a.yaml"), pod("one", "v2"));
    shell("mv manifests old && mv next manifests", "", temporary);
    awaitPods(shown -> shown.equals(Map.of("one", "v2")));
    write("a.yaml", pod("one", "v3"));
    awaitPods(shown -> "v3".equals(shown.get("one")));
  }

  @Test
  void whatIsNotThereAtTheStartIsLostUntilItComes() throws Exception {
    source.close();
    var late = temporary.resolve("not/yet/here");
    source = open(late);
    assertThat(event())
        .isInstanceOfSatisfying(
            SourceEvent.Lost.class,
            lost -> assertThat(lost.reason()).endsWith("here: no such file or directory"));
    Files.createDirectories(late);
    Files.writeString(late.resolve("a.yaml"), pod("one", "x"));
    assertThat(pods(whole())).containsOnlyKeys("one");
  }

  @Test
  void oneFileIsASourceToo() throws Exception {
    source.close();
    write("one.txt", pod("one", "v1"));
    source = open(root.resolve("one.txt"));
    assertThat(pods(whole())).isEqualTo(Map.of("one", "v1"));
    shell("printf '%s' \"$TEXT\" > new && mv new one.txt", pod("one", "v2"));
    awaitPods(shown -> "v2".equals(shown.get("one")));
    shell("rm one.txt; sleep 0.02; printf '%s' \"$TEXT\" > one.txt", pod("one", "v3"));
    awaitPods(shown -> "v3".equals(shown.get("one")));
  }

  @Test
  void aBrokenFileIsToldAndTheOthersGoOn() throws Exception {
    write("a.yaml", pod("one", "x"));
    write("b.yaml", pod("two", "x"));
    whole();
    write("a.yaml", "kind: [\n");
    var broken = awaitWhole(whole -> !whole.problems().isEmpty());
    assertThat(broken.problems()).extracting(Problem::file).containsExactly("a.yaml");
    write("b.yaml", pod("two", "v2"));
    awaitPods(shown -> "v2".equals(shown.get("two")));
    write("a.yaml", pod("one", "v3"));
    assertThat(awaitWhole(whole -> "v3".equals(pods(whole).get("one"))).problems()).isEmpty();
  }

  @Test
  void aSaveThatChangesNothingIsNoEvent() throws Exception {
    write("a.yaml", pod("one", "x"));
    whole();
    write("a.yaml", pod("one", "x"));
    write("a.yaml", "# a comment\n" + pod("one", "x"));
    write("readme.txt", "nothing");
    assertThat(source.next(Duration.ofMillis(300))).isEmpty();
  }

  private static String pod(String name, String app) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {app: %s}}
        """
        .formatted(name, app);
  }

  private void write(String name, String text) throws IOException {
    var file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void shell(String script, String text) {
    shell(script, text, root);
  }

  private static void shell(String script, String text, Path directory) {
    try {
      var process = new ProcessBuilder("sh", "-c", script).directory(directory.toFile());
      process.environment().put("TEXT", text);
      var started = process.inheritIO().start();
      assertThat(started.waitFor()).as(script).isZero();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(script, e);
    }
  }

  private SourceEvent event() throws InterruptedException {
    return awaitEvent(_ -> true);
  }

  private SourceEvent.Whole whole() throws InterruptedException {
    return awaitWhole(_ -> true);
  }

  private SourceEvent.Whole awaitPods(Predicate<Map<String, String>> wanted)
      throws InterruptedException {
    return awaitWhole(whole -> wanted.test(pods(whole)));
  }

  private SourceEvent.Whole awaitWhole(Predicate<SourceEvent.Whole> wanted)
      throws InterruptedException {
    return (SourceEvent.Whole)
        awaitEvent(event -> event instanceof SourceEvent.Whole whole && wanted.test(whole));
  }

  private SourceEvent awaitEvent(Predicate<SourceEvent> wanted) throws InterruptedException {
    var end = System.nanoTime() + LONG.toNanos();
    while (true) {
      var event = source.next(Duration.ofNanos(end - System.nanoTime()));
      assertThat(event).as("an event in time; shown so far: %s", wholes).isPresent();
      if (event.get() instanceof SourceEvent.Whole whole) {
        wholes.add(whole);
      }
      if (wanted.test(event.get())) {
        return event.get();
      }
    }
  }

  private static List<String> sources(SourceEvent.Whole whole) {
    return whole.sightings().stream().map(Sighting::source).toList();
  }

  /** Names of pods with the value of their label {@code app}. */
  private static Map<String, String> pods(SourceEvent.Whole whole) {
    var pods = new TreeMap<String, String>();
    for (var sighting : whole.sightings()) {
      if (sighting instanceof Sighting.Valid(ClusterObject.Pod pod)) {
        pods.put(pod.key().name(), pod.labels().getOrDefault("app", ""));
      }
    }
    return pods;
  }
}
