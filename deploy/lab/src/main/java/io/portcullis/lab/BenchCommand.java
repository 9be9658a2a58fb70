package io.portcullis.lab;

import io.portcullis.cli.ExitCode;
import io.portcullis.lab.state.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench}: the benchmarks, a figure a line. */
@Command(
    name = "bench",
    description = "Runs a benchmark and prints its figures, a line each: name value unit.")
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** What can be measured. */
  enum Name {
    convergence
  }

  @Parameters(paramLabel = "NAME", description = "One of: ${COMPLETION-CANDIDATES}.")
  private Name name;

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "200",
      description = "How often to change a policy (default: ${DEFAULT-VALUE}).")
  private int changes;

  @Override
  public Integer call() throws InterruptedException {
    try {
      return switch (name) {
        case convergence -> convergence();
      };
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      spec.commandLine().getErr().println("bench: " + e.getMessage());
      return ExitCode.NOTHING_DONE;
    }
  }

  private int convergence() throws IOException, InterruptedException {
    var work = Files.createTempDirectory("portcullis-bench");
    try {
      var manifests = work.resolve("manifests");
      copy(LabRoot.path().resolve("deploy").resolve("lab").resolve("manifests"), manifests);
      var options = LabRoot.options(manifests, work.resolve("state"), 1, 1);
      try (var lab = Lab.start(options, event -> progress(LabView.text(event)))) {
        new ConvergenceBench(lab, manifests)
            .run(changes)
            .forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().flush();
      }
      return ExitCode.WELL;
    } finally {
      FileTree.delete(work);
    }
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
