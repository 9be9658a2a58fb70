package io.portcullis.lab;

import io.portcullis.cli.ExitCode;
import io.portcullis.lab.network.NetworkException;
import io.portcullis.lab.probe.Prober;
import io.portcullis.lab.probe.Reachability;
import io.portcullis.lab.process.Services;
import io.portcullis.lab.screen.Report;
import io.portcullis.lab.screen.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code lab}, which runs all of Portcullis on one machine. */
@Command(
    name = "lab",
    description = {
      "Runs Kafka, the watcher, the compiler and an agent for each node on this machine. Each node"
          + " and pod is a network namespace with real nftables. Shows who reaches whom. Changed files"
          + " are enforced at once. Ctrl-C stops everything."
    })
final class LabCommand implements Callable<Integer> {
  private static final Duration START = Duration.ofMinutes(15);
  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
  private static final int CHANGED_MEANWHILE = 5;
  private static final int TOLD_MISMATCHES = 50;

  private static final int MISMATCH = 1;

  @Spec private CommandSpec spec;

  @Option(
      names = "--manifests",
      paramLabel = "DIR",
      description =
          "A directory of manifests, a file, or - for standard input (default: the lab's sample manifests).")
  private Path manifests;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "The directory for the lab's files (default: .lab).")
  private Path state;

  @Option(names = "--check", description = "Probe all pairs once, report, and exit.")
  private boolean check;

  @Option(
      names = "--no-matrix",
      description = "Do not probe who reaches whom; show nodes, problems and changes only.")
  private boolean noMatrix;

  @Option(
      names = "--compilers",
      paramLabel = "N",
      defaultValue = "1",
      description = "The number of compilers (default: ${DEFAULT-VALUE}).")
  private int compilers;

  @Option(
      names = "--watchers",
      paramLabel = "N",
      defaultValue = "1",
      description = "The number of watchers (default: ${DEFAULT-VALUE}).")
  private int watchers;

  @Option(
      names = "--native",
      description = "Run the services as native images, building those that are missing.")
  private boolean asImages;

  @Option(
      names = "--kubernetes",
      description =
          "Apply the manifests to a real API server, which the watchers follow; kubectl works too.")
  private boolean kubernetes;

  @Override
  public Integer call() throws InterruptedException {
    var err = spec.commandLine().getErr();
    try {
      var form = Services.Form.of(asImages);
      return run(LabRoot.options(manifests, state, compilers, watchers, kubernetes, form), err);
    } catch (IOException | NetworkException | IllegalArgumentException e) {
      err.println("lab: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
      return ExitCode.NOTHING_DONE;
    }
  }

  private int run(LabOptions options, PrintWriter err) throws IOException, InterruptedException {
    var screen = new AtomicReference<>(new Screen(err, false));
    try (var lab = Lab.start(options, event -> screen.get().event(LabDisplay.text(event)))) {
      lab.kubeconfig().ifPresent(path -> err.println("export KUBECONFIG=" + path));
      lab.refused().forEach(err::println);
      err.println("waiting until each node enforces its first version; logs are in " + lab.logs());
      err.flush();
      var first = awaitFirst(lab, err);
      if (lab.closed()) {
        return ExitCode.NOTHING_DONE;
      }
      if (!first.converged()) {
        err.println("lab: not every node enforces the manifests; logs are in " + lab.logs());
        first.behind().forEach(err::println);
      }
      if (check) {
        return check(lab, first, err);
      }
      if (!first.converged()) {
        return ExitCode.NOTHING_DONE;
      }
      lab.running();
      screen.set(terminal());
      if (noMatrix) {
        LabDisplay.withoutMatrix(lab, screen.get());
      } else {
        LabDisplay.withMatrix(lab, screen.get());
      }
      return ExitCode.WELL;
    }
  }

  /** Waits until each node enforces the manifests, and says from time to time which do not yet. */
  private static Enforcement awaitFirst(Lab lab, PrintWriter err) throws InterruptedException {
    var until = System.nanoTime() + START.toNanos();
    var enforcement = lab.awaitConverged(BETWEEN_REPORTS, BETWEEN_LOOKS);
    while (!enforcement.converged() && !lab.closed() && System.nanoTime() < until) {
      err.println("still waiting:");
      enforcement.behind().forEach(err::println);
      err.flush();
      enforcement = lab.awaitConverged(BETWEEN_REPORTS, BETWEEN_LOOKS);
    }
    return enforcement;
  }

  private Screen terminal() {
    var console = Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal);
    return new Screen(spec.commandLine().getOut(), console.isPresent());
  }

  /** Probes all pairs and reports. When manifests change meanwhile, the newest state counts. */
  private int check(Lab lab, Enforcement first, PrintWriter err) throws InterruptedException {
    var enforcement = first;
    var reachability = LabCheck.probe(lab, enforcement.state(), Prober.Servers.LAB);
    for (var i = 0;
        i < CHANGED_MEANWHILE && lab.enforcement().state() != enforcement.state();
        i++) {
      enforcement = lab.awaitConverged(START, BETWEEN_LOOKS);
      reachability = LabCheck.probe(lab, enforcement.state(), Prober.Servers.LAB);
    }
    Report.problems(lab.problems(enforcement.state()), enforcement.state().failures())
        .forEach(err::println);
    lab.resident().forEach(err::println);
    err.flush();
    return report(
        reachability, enforcement.converged() && enforcement.state().failures().isEmpty());
  }

  private int report(Reachability reachability, boolean whole) {
    var out = spec.commandLine().getOut();
    Report.lines(reachability, TOLD_MISMATCHES).forEach(out::println);
    out.println();
    out.println(
        "PAIRS " + reachability.seen().size() + " MISMATCHES " + reachability.mismatches().size());
    out.flush();
    if (reachability.seen().isEmpty()) {
      spec.commandLine().getErr().println("lab: nothing was probed, because no pod has an address");
      return ExitCode.NOTHING_DONE;
    }
    return reachability.mismatches().isEmpty() && whole ? ExitCode.WELL : MISMATCH;
  }
}
