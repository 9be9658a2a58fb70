package io.portcullis.watcher.directory;

import static io.portcullis.watcher.directory.ObservedDirectory.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that go, come back or are replaced. */
class LostDirectoryTest {
  @TempDir Path temporary;
  private ObservedDirectory directory;

  @BeforeEach
  void open() throws Exception {
    directory = new ObservedDirectory(Files.createDirectory(temporary.resolve("manifests")));
    directory.write("a.yaml", pod("one", "x"));
  }

  @AfterEach
  void close() {
    directory.close();
  }

  private void shell(String script) {
    ObservedDirectory.shell(script, "", temporary);
  }

  @Test
  void aDirectoryThatIsGoneIsLostAndComesBack() throws Exception {
    directory.awaitFirst();
    shell("mv manifests away");
    directory.awaitLost();
    for (var i = 0; i < 20; i++) {
      directory.pass(Debouncer.RECOVERY);
      assertThat(directory.next()).as("it is told once").isEmpty();
    }
    shell("mv away manifests");
    directory.awaitFound();
    directory.write("a.yaml", pod("one", "v2"));
    directory.awaitAtOnce(pods -> "v2".equals(pods.get("one")));
    assertThat(directory.all()).hasSize(2);
  }

  @Test
  void aDirectoryThatComesBackFileByFileLosesNothing() throws Exception {
    directory.write("b.yaml", pod("two", "x"));
    directory.awaitFirst();
    shell("rm -r manifests");
    directory.awaitLost();
    shell("mkdir manifests");
    directory.awaitFound();
    directory.pass(Debouncer.SETTLING_TIME.multipliedBy(3));
    directory.write("a.yaml", pod("one", "z"));
    directory.awaitAtOnce(pods -> "z".equals(pods.get("one")));
    directory.pass(Debouncer.SETTLING_TIME.multipliedBy(3));
    directory.next();
    directory.write("b.yaml", pod("two", "z"));
    directory.awaitAtOnce(pods -> pods.equals(Map.of("one", "z", "two", "z")));
    assertThat(directory.all())
        .allSatisfy(shown -> assertThat(shown.pods()).containsKeys("one", "two"));
  }

  @Test
  void aDirectoryReplacedByAnotherIsReadAndWatched() throws Exception {
    directory.write("b.yaml", pod("two", "x"));
    directory.awaitFirst();
    Files.createDirectory(temporary.resolve("next"));
    Files.writeString(temporary.resolve("next/a.yaml"), pod("one", "v2"));
    shell("mv manifests old && mv next manifests");
    directory.awaitAsTimePasses(shown -> shown.pods().equals(Map.of("one", "v2")));
    directory.write("a.yaml", pod("one", "v3"));
    directory.awaitAtOnce(pods -> "v3".equals(pods.get("one")));
  }

  @Test
  void whatIsNotThereAtTheStartIsLostUntilItComes() throws Exception {
    var late = temporary.resolve("not/yet/here");
    try (var missing = new ObservedDirectory(late)) {
      assertThat(missing.awaitLost().reason()).endsWith("here: no such file or directory");
      Files.createDirectories(late);
      Files.writeString(late.resolve("a.yaml"), pod("one", "x"));
      missing.awaitAsTimePasses(shown -> shown.pods().containsKey("one"));
      assertThat(missing.lost()).isEmpty();
    }
  }
}
