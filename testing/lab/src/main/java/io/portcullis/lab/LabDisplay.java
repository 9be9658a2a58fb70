package io.portcullis.lab;

import io.portcullis.lab.observe.DriftSeen;
import io.portcullis.lab.observe.NodeView;
import io.portcullis.lab.probe.Prober;
import io.portcullis.lab.process.Supervisor.Event;
import io.portcullis.lab.screen.Report;
import io.portcullis.lab.screen.Screen;
import io.portcullis.lab.screen.Stages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Shows a lab as long as it runs. Its thread observes the nodes and draws; who reaches whom is
 * probed beside it.
 */
public final class LabDisplay {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final Duration BETWEEN_KERNEL_LOOKS = Duration.ofSeconds(2);

  private final Lab lab;
  private final Screen screen;
  private final Optional<BackgroundMatrix> matrix;
  private final Stages stages = new Stages();
  private final Map<String, Long> versions = new HashMap<>();
  private SortedMap<String, Optional<String>> kernels = new TreeMap<>();
  private SortedMap<String, Optional<DriftSeen>> drifts = new TreeMap<>();
  private long kernelsLookedNanos;

  private LabDisplay(Lab lab, Screen screen, Optional<BackgroundMatrix> matrix) {
    this.lab = lab;
    this.screen = screen;
    this.matrix = matrix;
  }

  /** Shows who reaches whom, the nodes, problems and changes, until the lab is closed. */
  static void withMatrix(Lab lab, Screen screen) throws InterruptedException {
    // The lab opens no ports here, so that people can try something by hand.
    BackgroundMatrix.PairProber prober = state -> LabCheck.probe(lab, state, Prober.Servers.NONE);
    try (var matrix = new BackgroundMatrix(prober, System::nanoTime)) {
      new LabDisplay(lab, screen, Optional.of(matrix)).run();
    }
  }

  /** Shows the nodes, problems and changes, and sends no packet, until the lab is closed. */
  static void withoutMatrix(Lab lab, Screen screen) throws InterruptedException {
    new LabDisplay(lab, screen, Optional.empty()).run();
  }

  private void run() throws InterruptedException {
    while (!lab.closed()) {
      var enforcement = lab.enforcement();
      takeVersions(enforcement);
      if (System.nanoTime() - kernelsLookedNanos >= BETWEEN_KERNEL_LOOKS.toNanos()
          || kernels.isEmpty()) {
        lookAtKernels();
      }
      matrix.ifPresent(shown -> probe(shown, enforcement));
      draw(enforcement);
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
    }
  }

  private void probe(BackgroundMatrix matrix, Enforcement enforcement) {
    if (matrix.isDue(enforcement, kernels)) {
      lookAtKernels();
      matrix.probe(enforcement, kernels);
    }
  }

  private void takeVersions(Enforcement enforcement) {
    enforcement
        .nodes()
        .forEach((node, view) -> view.held().ifPresent(held -> takeVersion(node, held)));
  }

  private void takeVersion(String node, NodeView.Held held) {
    if (versions.getOrDefault(node, 0L) == held.version()) {
      return;
    }
    lab.compilerUrls().stream()
        .flatMap(url -> lab.endpoints().marker(url, node, held.version()).stream())
        .findFirst()
        .ifPresent(
            marker -> {
              versions.put(node, held.version());
              stages.committed(node, marker, held.committedMicros());
            });
  }

  private void lookAtKernels() {
    kernelsLookedNanos = System.nanoTime();
    var seen = lab.endpoints().kernels(lab.agentUrls());
    seen.replaceAll(
        (node, digest) -> digest.or(() -> kernels.getOrDefault(node, Optional.empty())));
    kernels = seen;
    drifts = lab.endpoints().drifts(lab.agentUrls());
  }

  private void draw(Enforcement enforcement) {
    var lines = new ArrayList<String>();
    matrix.ifPresent(shown -> lines.addAll(shown.lines(enforcement, kernels)));
    add(lines, "Nodes", nodes(enforcement));
    add(
        lines,
        "Problems",
        Stream.concat(
                lab.refused().stream(),
                Report.problems(lab.problems(enforcement.state()), enforcement.state().failures())
                    .stream())
            .toList());
    add(lines, "Changes", stages.lines());
    screen.draw(lines, footer());
  }

  private List<String> nodes(Enforcement enforcement) {
    var lines = new ArrayList<>(enforcement.behind());
    lines.addAll(Report.drifts(drifts));
    enforcement
        .digests()
        .forEach(
            (node, digest) ->
                kernels
                    .getOrDefault(node, Optional.empty())
                    .filter(kernel -> !kernel.equals(digest))
                    .filter(_ -> enforcement.nodes().get(node).holds(digest))
                    .ifPresent(
                        kernel ->
                            lines.add(
                                node
                                    + ": its kernel does not hold the rules that its agent enforced; see "
                                    + lab.agentUrls().get(node)
                                    + "/rules/kernel")));
    return lines;
  }

  /** Returns the addresses at which people can look further. */
  private List<String> footer() {
    var lines = new ArrayList<String>();
    lines.add("Kafka      " + lab.kafka());
    lab.kubeconfig().ifPresent(path -> lines.add("kubectl    export KUBECONFIG=" + path));
    lines.add("watcher    " + lab.watcherUrl() + "/problems");
    lines.add(
        "compiler   "
            + lab.compilerUrls().stream()
                .map(url -> url + "/rulesets")
                .collect(Collectors.joining("  ")));
    lab.agentUrls()
        .forEach(
            (node, url) ->
                lines.add(
                    "agent      " + url + "/rules  /rules/kernel  /rules/drift  (" + node + ")"));
    lines.add("lab.json   " + lab.labJson());
    lines.add("Press Ctrl-C to stop the lab.");
    return lines;
  }

  private static void add(List<String> lines, String title, List<String> more) {
    if (!more.isEmpty()) {
      lines.add("");
      lines.add(title);
      more.forEach(line -> lines.add("  " + line));
    }
  }

  /** Returns a line that says what happened to a program. */
  public static String text(Event event) {
    return switch (event) {
      case Event.Started(var program, var pid) -> program + " is running as process " + pid;
      case Event.Died(var program, var status) ->
          program + " died with status " + status + "; it will be restarted";
      case Event.Failed(var program, var reason) -> program + " could not be started: " + reason;
    };
  }
}
