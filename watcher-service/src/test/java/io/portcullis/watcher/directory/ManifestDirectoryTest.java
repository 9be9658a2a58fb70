package io.portcullis.watcher.directory;

import static io.portcullis.watcher.directory.ObservedDirectory.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.Patience;
import io.portcullis.sighting.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real saves by real programs. */
class ManifestDirectoryTest {
  @TempDir Path temporary;
  private Path root;
  private ObservedDirectory directory;

  @BeforeEach
  void open() throws Exception {
    root = Files.createDirectory(temporary.resolve("manifests"));
    directory = new ObservedDirectory(root);
  }

  @AfterEach
  void close() {
    directory.close();
  }

  @Test
  void theFirstEventIsAllThatIsThere() throws Exception {
    directory.write("a.yaml", pod("one", "x"));
    directory.write("deep/er/b.yaml", pod("two", "x"));
    assertThat(directory.awaitFirst().pods()).isEqualTo(Map.of("one", "x", "two", "x"));
  }

  @Test
  void anEmptyDirectoryIsWholeToo() throws Exception {
    assertThat(directory.awaitFirst().files()).isEmpty();
  }

  @Test
  void savesOfEveryKindAreSeenAtOnceAndOpenNothing() throws Exception {
    directory.write("a.yaml", pod("one", "v0"));
    directory.awaitFirst();
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
      directory.shell(save, pod("one", version));
      var shown = directory.awaitAtOnce(pods -> version.equals(pods.get("one")));
      assertThat(shown.pods()).as(save).hasSize(1);
    }
    assertThat(directory.all()).allSatisfy(shown -> assertThat(shown.pods()).containsKey("one"));
  }

  @Test
  void threeHundredSavesInALoopNeverShowTheObjectMissing() throws Exception {
    directory.write("a.yaml", pod("one", "v0"));
    directory.write("b.yaml", pod("two", "x"));
    directory.awaitFirst();
    for (var round = 0; round < 10; round++) {
      var last = (round + 1) * 30;
      var saving = saving(round * 30, last);
      directory.awaitAtOnce(pods -> ("v" + last).equals(pods.get("one")));
      saving.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
    assertThat(directory.all())
        .allSatisfy(shown -> assertThat(shown.pods()).containsOnlyKeys("one", "two"));
  }

  private CompletableFuture<Void> saving(int from, int to) {
    var script =
        ("i=%d; while [ $i -lt %d ]; do i=$((i+1));"
                + " case $((i %% 3)) in"
                + " 0) printf '%%s' \"$TEXT\" | sed \"s/v0/v$i/\" > a.yaml;;"
                + " 1) sed -i \"s/app: .*}/app: v$i}}/\" a.yaml;;"
                + " 2) rm a.yaml; printf '%%s' \"$TEXT\" | sed \"s/v0/v$i/\" > a.yaml;;"
                + " esac; done")
            .formatted(from, to);
    return CompletableFuture.runAsync(() -> directory.shell(script, pod("one", "v0")));
  }

  @Test
  void aHundredChangesAreSeenWhileNoTimePasses() throws Exception {
    directory.write("a.yaml", pod("one", "v0"));
    directory.awaitFirst();
    for (var i = 1; i <= 100; i++) {
      var version = "v" + i;
      directory.write("a.yaml", pod("one", version));
      directory.awaitAtOnce(pods -> version.equals(pods.get("one")));
    }
    assertThat(directory.all()).hasSizeGreaterThan(100);
  }

  @Test
  void aRemovalIsSeenOnlyWhenTimeHasPassed() throws Exception {
    directory.write("a.yaml", pod("one", "x"));
    directory.write("b.yaml", pod("two", "x"));
    directory.awaitFirst();
    Files.delete(root.resolve("a.yaml"));
    directory.write("c.yaml", pod("three", "x"));
    var shown = directory.awaitAtOnce(pods -> pods.containsKey("three"));
    assertThat(shown.pods()).containsOnlyKeys("one", "two", "three");
    directory.pass(Debouncer.SETTLING_TIME);
    directory.awaitAtOnce(pods -> !pods.containsKey("one"));
  }

  @Test
  void aWriterThatPausesInTheMiddleIsWaitedFor() throws Exception {
    directory.write("a.yaml", pod("one", "v0") + "---\n" + pod("two", "v0"));
    directory.awaitFirst();
    var writing =
        CompletableFuture.runAsync(
            () ->
                directory.shell(
                    "exec 3> a.yaml; printf '%s' \"$TEXT\" | head -c 50 >&3; sleep 0.05;"
                        + " printf '%s' \"$TEXT\" | tail -c +51 >&3",
                    pod("one", "v1") + "---\n" + pod("two", "v1")));
    directory.awaitAtOnce(pods -> pods.equals(Map.of("one", "v1", "two", "v1")));
    writing.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(directory.all())
        .allSatisfy(
            shown -> {
              assertThat(shown.pods()).containsOnlyKeys("one", "two");
              assertThat(shown.problems()).isEmpty();
            });
  }

  @Test
  void aFileWithoutALineEndAtItsEndIsTakenAllTheSame() throws Exception {
    directory.awaitFirst();
    directory.write("a.yaml", pod("one", "x").strip());
    directory.awaitAsTimePasses(shown -> shown.pods().containsKey("one"));
    directory.write(
        "b.json", "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"two\"}}");
    directory.awaitAsTimePasses(shown -> shown.pods().containsKey("two"));
  }

  @Test
  void newAndRenamedAndRemovedDirectoriesAreFollowed() throws Exception {
    directory.awaitFirst();
    directory.write("new/deep/a.yaml", pod("one", "v1"));
    directory.awaitAtOnce(pods -> "v1".equals(pods.get("one")));
    directory.write("new/deep/a.yaml", pod("one", "v2"));
    directory.awaitAtOnce(pods -> "v2".equals(pods.get("one")));
    directory.shell("mv new other", "");
    var moved = directory.awaitAsTimePasses(shown -> shown.files().contains("other/deep/a.yaml"));
    assertThat(moved.pods()).containsOnlyKeys("one");
    directory.write("other/deep/a.yaml", pod("one", "v3"));
    directory.awaitAtOnce(pods -> "v3".equals(pods.get("one")));
    directory.shell("rm -r other", "");
    directory.awaitAsTimePasses(shown -> shown.pods().isEmpty());
  }

  @Test
  void aConfigMapsDataIsSwapped() throws Exception {
    directory.shell("mkdir ..1 && printf '%s' \"$TEXT\" > ..1/a.yaml", pod("one", "v1"));
    directory.shell("ln -s ..1 ..data && ln -s ..data/a.yaml a.yaml", "");
    assertThat(directory.awaitFirst().pods()).isEqualTo(Map.of("one", "v1"));
    for (var i = 2; i < 6; i++) {
      var version = "v" + i;
      directory.shell(
          ("mkdir ..%d && printf '%%s' \"$TEXT\" > ..%d/a.yaml && ln -s ..%d ..tmp"
                  + " && mv -T ..tmp ..data && rm -r ..%d")
              .formatted(i, i, i, i - 1),
          pod("one", version));
      directory.awaitAtOnce(pods -> version.equals(pods.get("one")));
    }
    assertThat(directory.all()).allSatisfy(shown -> assertThat(shown.pods()).containsKey("one"));
  }

  @Test
  void oneFileIsASourceToo() throws Exception {
    directory.write("one.txt", pod("one", "v1"));
    try (var file = new ObservedDirectory(root.resolve("one.txt"))) {
      assertThat(file.awaitFirst().pods()).isEqualTo(Map.of("one", "v1"));
      directory.shell("printf '%s' \"$TEXT\" > new && mv new one.txt", pod("one", "v2"));
      file.awaitAtOnce(pods -> "v2".equals(pods.get("one")));
      directory.shell("rm one.txt; sleep 0.02; printf '%s' \"$TEXT\" > one.txt", pod("one", "v3"));
      file.awaitAsTimePasses(shown -> "v3".equals(shown.pods().get("one")));
    }
  }

  @Test
  void aBrokenFileIsToldAndTheOthersGoOn() throws Exception {
    directory.write("a.yaml", pod("one", "x"));
    directory.write("b.yaml", pod("two", "x"));
    directory.awaitFirst();
    directory.write("a.yaml", "kind: [\n");
    var broken = directory.awaitAsTimePasses(shown -> !shown.problems().isEmpty());
    assertThat(broken.problems()).extracting(Problem::file).containsExactly("a.yaml");
    directory.write("b.yaml", pod("two", "v2"));
    directory.awaitAtOnce(pods -> "v2".equals(pods.get("two")));
    directory.write("a.yaml", pod("one", "v3"));
    assertThat(directory.awaitAtOnce(pods -> "v3".equals(pods.get("one"))).problems()).isEmpty();
  }

  @Test
  void aSaveThatChangesNothingIsNoEvent() throws Exception {
    directory.write("a.yaml", pod("one", "x"));
    directory.awaitFirst();
    directory.write("a.yaml", pod("one", "x"));
    directory.write("a.yaml", "# a comment\n" + pod("one", "x"));
    directory.write("readme.txt", "nothing");
    directory.write("b.yaml", pod("two", "x"));
    directory.awaitAtOnce(pods -> pods.containsKey("two"));
    assertThat(directory.all()).hasSize(2);
  }
}
