package io.portcullis.bench;

import io.portcullis.bench.cluster.Shape;
import io.portcullis.bench.compile.CompileBench;
import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.figures.Figure;
import io.portcullis.cli.ExitCode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code bench compile}, which measures each shape in a process of its own. */
@Command(
    name = "compile",
    mixinStandardHelpOptions = true,
    description =
        "Measures the compiler's core: compiling whole clusters, and changes of one pod each.")
final class CompileCommand implements Callable<Integer> {
  private static final List<Shape> ALL =
      List.of(Shape.LARGEST, Shape.TENTH, Shape.FIVES, Shape.SMALL_NAMESPACES, Shape.ONE_NAMESPACE);

  @Option(
      names = "--shape",
      paramLabel = "NAME",
      description =
          "Measure only this shape: largest, tenth, hundredth, fives, small_namespaces,"
              + " one_namespace or block_a_pod.")
  private Optional<String> shape = Optional.empty();

  @Option(names = "--short", description = "Only check that the benchmark works, in seconds.")
  private boolean quick;

  @Option(names = "--here", hidden = true)
  private boolean here;

  @Spec private CommandSpec spec;

  private final Map<String, Double> figures = new HashMap<>();

  @Override
  public Integer call() throws Exception {
    var output = new BenchOutput(spec);
    var shapes = shapes();
    if (here) {
      var events = quick ? 200 : 20_000;
      new CompileBench(shapes.getFirst(), events, events, output).run();
      return ExitCode.WELL;
    }
    for (var shape : shapes) {
      output.progress("compiling " + shape.text());
      inAProcess(shape, output);
    }
    growth(output);
    return ExitCode.WELL;
  }

  private void take(String line, BenchOutput output) {
    output.result(line);
    var words = line.split(" ");
    figures.put(words[0], Double.parseDouble(words[1]));
  }

  /** Prints how many times as long an event takes at the largest size as at a tenth of it. */
  private void growth(BenchOutput output) {
    for (var kind : List.of("narrow", "wide")) {
      var largest = figures.get("compile.largest." + kind + ".p50");
      var tenth = figures.get("compile.tenth." + kind + ".p50");
      if (largest != null && tenth != null) {
        output.figure(new Figure("compile.growth." + kind, largest / tenth, "ratio"));
      }
    }
  }

  private List<Shape> shapes() {
    if (shape.isEmpty()) {
      return quick ? List.of(Shape.HUNDREDTH) : ALL;
    }
    return List.of(
        Shape.of(shape.get())
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "--shape "
                            + shape.get()
                            + ": there are "
                            + Arrays.stream(Shape.values())
                                .map(Shape::text)
                                .collect(Collectors.joining(", ")))));
  }

  private void inAProcess(Shape shape, BenchOutput output)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            spec.root().userObject().getClass().getName(),
            "compile",
            "--here",
            "--shape=" + shape.text()));
    if (quick) {
      command.add("--short");
    }
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end the process"));
    process.inputReader().lines().forEach(line -> take(line, output));
    if (process.waitFor() != 0) {
      throw new IllegalStateException(
          "the process for %s ended with %d".formatted(shape.text(), process.exitValue()));
    }
  }
}
