package io.portcullis.bench;

import io.portcullis.bench.cluster.Shape;
import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.reach.ReachBench;
import io.portcullis.cli.ExitCode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code bench reach}. */
@Command(
    name = "reach",
    mixinStandardHelpOptions = true,
    description =
        "Measures questions about all flows: reach, counts by namespace, and preview of policies.")
final class ReachCommand implements Callable<Integer> {
  private static final int QUESTIONS = 20;

  @Option(
      names = "--shape",
      paramLabel = "NAME",
      description = "Measure only this shape, such as largest or small_namespaces.")
  private Optional<String> shape = Optional.empty();

  @Option(names = "--short", description = "Only check that the benchmark works, in seconds.")
  private boolean quick;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    var output = new BenchOutput(spec);
    for (var one : shapes()) {
      output.progress("deciding all flows of " + one.text());
      new ReachBench(one, QUESTIONS, output).run();
    }
    return ExitCode.WELL;
  }

  private List<Shape> shapes() {
    if (shape.isEmpty()) {
      return quick
          ? List.of(Shape.HUNDREDTH)
          : List.of(Shape.LARGEST, Shape.SMALL_NAMESPACES, Shape.BLOCK_A_POD);
    }
    return List.of(
        Shape.of(shape.get())
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(), "--shape " + shape.get() + ": no such shape")));
  }
}
