package io.portcullis.bench.convergence;

import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.cli.ExitCode;
import io.portcullis.lab.Lab;
import io.portcullis.lab.LabRoot;
import io.portcullis.lab.LabView;
import io.portcullis.lab.process.Services;
import io.portcullis.lab.state.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench convergence}: a lab of its own, whose policies change again and again. */
@Command(
    name = "convergence",
    mixinStandardHelpOptions = true,
    description =
        "Measures the time from a saved manifest, or from an API server's answer, to the kernel.")
public final class ConvergenceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "200",
      description = "How often to change a policy (default: ${DEFAULT-VALUE}).")
  private int changes;

  @Option(
      names = "--kubernetes",
      description = "Measure from a real API server's answer instead of from a saved manifest.")
  private boolean kubernetes;

  @Option(
      names = "--native",
      description = "Run the services as native images, which are built where they are missing.")
  private boolean asImages;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var output = new BenchOutput(spec);
    var work = Files.createTempDirectory("portcullis-bench");
    try {
      var manifests = work.resolve("manifests");
      copy(LabRoot.path().resolve("testing").resolve("lab").resolve("manifests"), manifests);
      var form = asImages ? Services.Form.NATIVE : Services.Form.JVM;
      var options = LabRoot.options(manifests, work.resolve("state"), 1, 1, kubernetes, form);
      try (var lab = Lab.start(options, event -> output.progress(LabView.text(event)))) {
        new ConvergenceBench(lab, manifests, output).run(changes).forEach(output::figure);
      }
      return ExitCode.WELL;
    } finally {
      FileTree.delete(work);
    }
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
