package io.portcullis.lab;

import io.portcullis.cli.ExitCode;
import io.portcullis.lab.network.NetworkException;
import io.portcullis.lab.process.Services;
import io.portcullis.lab.state.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench}: the benchmarks, a figure a line. */
@Command(
    name = "bench",
    description = {
      "Runs a benchmark and prints its figures, a line each: name value unit.",
      "Five more have options of their own, as --help of each tells: agent, compile, core, dataplane,"
          + " scale."
    })
final class BenchCommand implements Callable<Integer> {
  private static final Pattern SEEDS = Pattern.compile("(\\d{1,18})\\.\\.(\\d{1,18})");
  private static final int MISMATCH = 1;

  @Spec private CommandSpec spec;

  /** What can be measured. */
  enum Name {
    /** From a saved manifest, or from an API server, to the kernel. */
    convergence,
    /** Random clusters against the kernel, with real packets. */
    conformance,
    /** Random faults and changes, and whether all parts agree in the end. */
    chaos
  }

  @Parameters(paramLabel = "NAME", description = "One of: ${COMPLETION-CANDIDATES}.")
  private Name name;

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "200",
      description = "How often to change a policy (default: ${DEFAULT-VALUE}).")
  private int changes;

  @Option(
      names = "--kubernetes",
      description = "Convergence from a real API server's answer instead of a saved manifest.")
  private boolean kubernetes;

  @Option(
      names = "--native",
      description = "Convergence of native images, which are built where they are not.")
  private boolean asImages;

  @Option(
      names = "--seeds",
      paramLabel = "A..B",
      defaultValue = "1..10",
      description = "The random clusters of conformance (default: ${DEFAULT-VALUE}).")
  private String seeds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the faults and changes of chaos (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "10",
      description = "How long chaos has faults and changes (default: ${DEFAULT-VALUE}).")
  private double minutes;

  @Override
  public Integer call() throws InterruptedException {
    try {
      return switch (name) {
        case convergence -> convergence();
        case conformance -> conformance();
        case chaos -> chaos() ? ExitCode.WELL : MISMATCH;
      };
    } catch (IOException | NetworkException | IllegalArgumentException | IllegalStateException e) {
      spec.commandLine().getErr().println("bench: " + e.getMessage());
      return ExitCode.NOTHING_DONE;
    }
  }

  private int convergence() throws IOException, InterruptedException {
    var work = Files.createTempDirectory("portcullis-bench");
    try {
      var manifests = work.resolve("manifests");
      copy(LabRoot.path().resolve("deploy").resolve("lab").resolve("manifests"), manifests);
      var form = asImages ? Services.Form.NATIVE : Services.Form.JVM;
      var options = LabRoot.options(manifests, work.resolve("state"), 1, 1, kubernetes, form);
      try (var lab = Lab.start(options, event -> progress(LabView.text(event)))) {
        new ConvergenceBench(lab, manifests, this::progress)
            .run(changes)
            .forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().flush();
      }
      return ExitCode.WELL;
    } finally {
      FileTree.delete(work);
    }
  }

  private int conformance() throws IOException, InterruptedException {
    LabRoot.requireIpv6();
    var bounds = SEEDS.matcher(seeds);
    if (!bounds.matches()) {
      throw new IllegalArgumentException("--seeds " + seeds + ": must be like 1..10");
    }
    var out = spec.commandLine().getOut();
    var result =
        new Conformance(
                Long.parseLong(bounds.group(1)),
                Long.parseLong(bounds.group(2)),
                line -> {
                  out.println(line);
                  out.flush();
                })
            .run();
    out.println(result.text());
    out.flush();
    return result.mismatches() == 0 ? ExitCode.WELL : MISMATCH;
  }

  private boolean chaos() throws IOException, InterruptedException {
    var commandLine = spec.commandLine();
    return new ChaosCommand(seed, minutes, commandLine.getOut(), commandLine.getErr()).run();
  }

  private void progress(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.newDirectoryStream(from)) {
      for (var file : files) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
