package io.portcullis.lab.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portcullis.lab.state.LiveLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that a lab leaves nothing behind. */
class LabEndIT {
  @TempDir private Path folder;

  /** The processes and namespaces of a lab. */
  private record Made(List<Long> pids, String prefix) {
    static Made by(RunningLab lab) throws IOException {
      var json = lab.json();
      return new Made(
          json.path("pids").valueStream().map(pid -> pid.asLong()).toList(),
          json.path("nodes").path("node-1").path("netns").asText().substring(0, 8));
    }

    String id() {
      return prefix.substring(3, 7);
    }

    List<Long> alive() {
      return pids.stream()
          .filter(pid -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent())
          .toList();
    }

    List<Path> namespaces() throws IOException {
      try (Stream<Path> all = Files.list(Path.of("/run/netns"))) {
        return all.filter(path -> path.getFileName().toString().startsWith(prefix)).toList();
      }
    }
  }

  @Test
  void aSignalTakesAllDownAndAfterAKillTheNextStartDoes() throws Exception {
    var killed = startAndKill();
    await().until(() -> killed.alive().isEmpty()); // they die with the lab
    assertThat(killed.namespaces()).isNotEmpty();

    Made ended;
    try (var lab = RunningLab.start(folder)) {
      ended = Made.by(lab);
      assertThat(killed.namespaces()).isEmpty();
      assertThat(lab.screen()).contains("removed what the dead lab " + killed.id() + " had left");
      assertThat(another()).contains("a lab is already running in ");
      assertThat(ended.alive()).hasSize(5);
    }
    assertThat(ended.alive()).isEmpty();
    assertThat(ended.namespaces()).isEmpty();
    assertThat(LiveLab.REGISTRY.resolve(ended.id())).doesNotExist();
    try (var left = Files.list(folder.resolve("state"))) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("lock", "logs");
    }
  }

  private Made startAndKill() throws Exception {
    try (var lab = RunningLab.start(folder)) {
      var made = Made.by(lab);
      assertThat(made.alive()).hasSize(5);
      assertThat(made.namespaces()).hasSizeGreaterThan(7);
      lab.end(true);
      return made;
    }
  }

  /** Starts a second lab with the same state directory, and returns its output. */
  private String another() throws Exception {
    var process =
        RunningLab.command(
                "lab",
                "--manifests",
                folder.resolve("manifests").toString(),
                "--state",
                folder.resolve("state").toString())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).isEqualTo(2);
    return said;
  }
}
