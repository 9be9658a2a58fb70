package io.portcullis.watcher.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.Patience;
import io.portcullis.cluster.ClusterObject;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Sighting;
import io.portcullis.watcher.source.SourceEvent;
import io.portcullis.watcher.source.SourceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A directory of manifests and the source that reads it. The source's clock stands still unless a
 * test moves it, so that no test depends on how long a program takes.
 */
final class ObservedDirectory implements AutoCloseable {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final Path root;
  private final AtomicLong nanos = new AtomicLong();
  private final ManifestDirectory source;
  private final SourceState state = new SourceState();
  private final List<Shown> shown = new ArrayList<>();

  /**
   * What the source has shown after an event.
   *
   * @param pods names of pods with the value of their label {@code app}
   * @param files in which objects stand
   */
  record Shown(Map<String, String> pods, List<String> files, List<Problem> problems) {}

  ObservedDirectory(Path root) {
    this.root = root;
    this.source = new ManifestDirectory(root, nanos::get, nanos::get);
  }

  /** Lets time pass for the source. */
  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** Waits until the source has shown all that it holds. */
  Shown awaitFirst() throws InterruptedException {
    return awaitAsTimePasses(_ -> true);
  }

  /** Waits until pods are shown so, without any time passing for the source. */
  Shown awaitAtOnce(Predicate<Map<String, String>> pods) throws InterruptedException {
    return await(now -> pods.test(now.pods()), Duration.ZERO);
  }

  /** Waits until this is shown, while time passes for the source. */
  Shown awaitAsTimePasses(Predicate<Shown> wanted) throws InterruptedException {
    return await(wanted, Debouncer.SETTLING_TIME);
  }

  private Shown await(Predicate<Shown> wanted, Duration step) throws InterruptedException {
    var end = System.nanoTime() + Patience.LIMIT.toNanos();
    while (shown.isEmpty() || !wanted.test(shown.getLast())) {
      assertThat(System.nanoTime() - end).as("waiting; shown so far: %s", shown).isNegative();
      next();
      pass(step);
    }
    return shown.getLast();
  }

  /** Waits until the source tells that it is lost. */
  SourceEvent.Lost awaitLost() throws InterruptedException {
    var end = System.nanoTime() + Patience.LIMIT.toNanos();
    while (state.lost().filter(lost -> !lost.reason().equals("not read yet")).isEmpty()) {
      assertThat(System.nanoTime() - end).as("waiting for a loss").isNegative();
      next();
      pass(Debouncer.SETTLING_TIME);
    }
    return state.lost().orElseThrow();
  }

  /** Waits until the source is found again, which is its next event. */
  void awaitFound() throws InterruptedException {
    var end = System.nanoTime() + Patience.LIMIT.toNanos();
    while (state.lost().isPresent()) {
      assertThat(System.nanoTime() - end).as("waiting for the source").isNegative();
      next().ifPresent(event -> assertThat(event).isInstanceOf(SourceEvent.Found.class));
    }
  }

  /** Returns the source's next event, if one comes soon. */
  Optional<SourceEvent> next() throws InterruptedException {
    var event = source.next(BETWEEN_LOOKS);
    event.ifPresent(state::take);
    if (event.orElse(null) instanceof SourceEvent.Changed) {
      shown.add(now());
    }
    return event;
  }

  private Shown now() {
    var pods = new TreeMap<String, String>();
    for (var sighting : state.sightings().values()) {
      if (sighting instanceof Sighting.Valid(ClusterObject.Pod pod)) {
        pods.put(pod.key().name(), pod.labels().getOrDefault("app", ""));
      }
    }
    return new Shown(
        pods, state.sightings().values().stream().map(Sighting::source).toList(), state.problems());
  }

  /** Returns what was shown after each event so far. */
  List<Shown> all() {
    return shown;
  }

  Optional<SourceEvent.Lost> lost() {
    return state.lost();
  }

  static String pod(String name, String app) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {app: %s}}
        """
        .formatted(name, app);
  }

  void write(String name, String text) throws IOException {
    var file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  void shell(String script, String text) {
    shell(script, text, root);
  }

  /** Runs a script with the text in {@code $TEXT}. */
  static void shell(String script, String text, Path directory) {
    try {
      var process = new ProcessBuilder("sh", "-c", script).directory(directory.toFile());
      process.environment().put("TEXT", text);
      assertThat(process.inheritIO().start().waitFor()).as(script).isZero();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(script, e);
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
