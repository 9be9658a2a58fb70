package io.portcullis.bench.convergence;

import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.figures.Figure;
import io.portcullis.bench.figures.Figures;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.lab.Lab;
import io.portcullis.lab.LabState;
import io.portcullis.lab.kubernetes.LabCluster;
import io.portcullis.lab.network.ShortProgram;
import io.portcullis.lab.observe.NodeView;
import io.portcullis.lab.state.WholeFile;
import io.portcullis.nft.NftRenderer;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.state.Cluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measures the time from a saved manifest, or from the API server's answer, to the kernel's commit,
 * stage by stage, in a lab of its own; and, for comparison, the time to load the same rules by hand
 * with the {@code nft} program.
 */
public final class ConvergenceBench {
  private static final String NODE = "node-2";
  private static final String POLICY = "bench";
  private static final int FIRST_PORT = 20_000;
  private static final int CHANGES_PER_LINE = 50;

  private static final int CHANGES_PER_REMOVAL = 10;
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** The pause between queries, each of which takes processor time from what is measured. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final Lab lab;
  private final Place place;
  private final BenchOutput output;
  private final Figures figures = new Figures("convergence");

  /**
   * The place of the policy that changes. Both methods return when the change counts as made, in
   * microseconds since 1970.
   */
  private sealed interface Place {
    long save(String manifest) throws IOException;

    long remove(String manifest) throws IOException;
  }

  /**
   * A file in the directory that the lab follows. A change counts from the moment when the save
   * begins.
   */
  private record InDirectory(Path manifests) implements Place {
    @Override
    public long save(String manifest) throws IOException {
      var saved = micros();
      WholeFile.write(file(), manifests.resolve("bench.tmp"), manifest);
      return saved;
    }

    @Override
    public long remove(String manifest) throws IOException {
      var removed = micros();
      Files.delete(file());
      return removed;
    }

    private Path file() {
      return manifests.resolve("bench.yaml");
    }
  }

  /** An object of the API server. A change counts from the server's answer. */
  private record AtServer(LabCluster cluster) implements Place {
    @Override
    public long save(String manifest) throws IOException {
      cluster.apply(manifest.getBytes(StandardCharsets.UTF_8));
      return micros();
    }

    @Override
    public long remove(String manifest) {
      cluster.delete(manifest.getBytes(StandardCharsets.UTF_8));
      return micros();
    }
  }

  /**
   * Creates the benchmark.
   *
   * @param lab the lab
   * @param manifests the lab's default manifests, which it follows or has applied to its API server
   * @param output receives progress lines
   */
  public ConvergenceBench(Lab lab, Path manifests, BenchOutput output) {
    this.lab = lab;
    this.output = output;
    this.place =
        lab.cluster().<Place>map(AtServer::new).orElseGet(() -> new InDirectory(manifests));
  }

  /**
   * Changes the policy again and again, and returns the figures.
   *
   * @param warmUp how many changes precede the measured ones, so that the JVMs have compiled their
   *     hot paths
   * @param changes how many changes are measured
   */
  public List<Figure> run(int warmUp, int changes) throws IOException, InterruptedException {
    lab.awaitConverged(LONGEST, BETWEEN_LOOKS);
    for (var i = 0; i < warmUp; i++) {
      tell("to warm up", i, warmUp);
      change(i);
    }
    for (var i = 0; i < changes; i++) {
      tell("measured", i, changes);
      measureChange(warmUp + i);
      if (i % CHANGES_PER_REMOVAL == 0) {
        measureByHand();
        measureRemoval();
      }
    }
    return Stream.concat(
            figures.percentiles().stream(), Stream.of(figures.ratio("total", "nft_program")))
        .toList();
  }

  private void tell(String what, int done, int all) {
    if (done % CHANGES_PER_LINE == 0) {
      output.progress("changes %s: %d of %d".formatted(what, done, all));
    }
  }

  private void measureChange(int number) throws IOException, InterruptedException {
    var stages = change(number);
    var saved = stages.saved();
    figures.add("seen", stages.seen() - saved);
    figures.add("published", stages.published() - stages.seen());
    figures.add("compiled", stages.compiled() - stages.published());
    figures.add("kernel", stages.committed() - stages.compiled());
    figures.add("total", stages.committed() - saved);
  }

  private void measureRemoval() throws IOException, InterruptedException {
    var removed = place.remove(policy(0));
    figures.add("removal", enforced(removed, false, 0).committed() - removed);
  }

  /** The times of a change's stages, in microseconds since 1970. */
  private record Times(long saved, long seen, long published, long compiled, long committed) {}

  private Times change(int number) throws IOException, InterruptedException {
    var port = FIRST_PORT + number;
    return enforced(place.save(policy(port)), true, port);
  }

  private static String policy(int port) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: %s
      namespace: shop
    spec:
      podSelector:
        matchLabels:
          role: db
      ingress:
        - ports:
            - port: %d
    """
        .formatted(POLICY, port);
  }

  private Times enforced(long saved, boolean present, int port) throws InterruptedException {
    var until = System.nanoTime() + LONGEST.toNanos();
    while (System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
      var moment = lab.enforcement();
      if (shows(moment.state(), present, port) && moment.converged()) {
        var times = times(saved, moment.nodes().get(NODE).held().orElseThrow());
        if (times.isPresent()) {
          return times.get();
        }
      }
    }
    throw new IllegalStateException(
        "a change was not enforced within "
            + LONGEST.toSeconds()
            + " s; logs are in "
            + lab.logs());
  }

  private Optional<Times> times(long saved, NodeView.Held held) {
    return lab.endpoints()
        .marker(lab.compilerUrls().getFirst(), NODE, held.version())
        .filter(marker -> !marker.causes().isEmpty())
        .map(
            marker ->
                new Times(
                    saved,
                    marker.causes().getLast().seenMicros(),
                    marker.causes().getLast().publishedMicros(),
                    marker.compiledMicros(),
                    held.committedMicros()));
  }

  private static boolean shows(LabState state, boolean present, int port) {
    var found =
        state.objects().stream()
            .filter(object -> object instanceof NetworkPolicy && object.key().name().equals(POLICY))
            .map(Object::toString)
            .toList();
    return present
        ? found.stream().anyMatch(policy -> policy.contains(Integer.toString(port)))
        : found.isEmpty();
  }

  /** Loads the same rules with the nft program into a separate table. */
  private void measureByHand() throws InterruptedException {
    var rules =
        new RuleSetCompiler(new Cluster(lab.enforcement().state().objects()), Set.of())
            .compile(NODE);
    var text = NftRenderer.replace(rules, "portcullis_bench");
    var began = System.nanoTime();
    ShortProgram.run(List.of("unshare", "--net", "nft", "-f", "-"), text);
    figures.add("nft_program", (System.nanoTime() - began) / 1_000);
  }

  private static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
