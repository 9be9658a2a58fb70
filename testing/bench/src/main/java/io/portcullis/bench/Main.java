package io.portcullis.bench;

import io.portcullis.bench.chaos.ChaosCommand;
import io.portcullis.bench.chaos.PowerCutsCommand;
import io.portcullis.bench.conformance.ConformanceCommand;
import io.portcullis.bench.conformance.PreviewCheckCommand;
import io.portcullis.bench.convergence.ConvergenceCommand;
import io.portcullis.bench.idle.IdleCommand;
import io.portcullis.cli.ExitCode;
import io.portcullis.lab.network.NetworkException;
import java.io.IOException;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The program with all benchmarks. {@code memory} is hidden: {@code bench agent} starts it as a
 * process.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Runs a benchmark and prints its figures, one per line: name value unit.",
    synopsisSubcommandLabel = "NAME",
    subcommands = {
      AgentCommand.class,
      ChaosCommand.class,
      CompileCommand.class,
      ConformanceCommand.class,
      ConnectionsCommand.class,
      ConvergenceCommand.class,
      CoreCommand.class,
      DataPlaneCommand.class,
      IdleCommand.class,
      MemoryCommand.class,
      OverloadCommand.class,
      PowerCutsCommand.class,
      PreviewCheckCommand.class,
      ReachCommand.class,
      ScaleCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs one command and ends the process with its exit code. */
  public static void main(String... arguments) throws IOException {
    try (var settings = Main.class.getResourceAsStream("/logging.properties")) {
      LogManager.getLogManager().readConfiguration(settings);
    }
    System.exit(
        new CommandLine(new Main())
            .setExecutionExceptionHandler((e, command, _) -> failed(e, command))
            .execute(arguments));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing the name of a benchmark.");
  }

  /**
   * Prints a mistake of the caller or a fault of the machine as one line, and any other failure
   * with its stack trace.
   */
  private static int failed(Exception e, CommandLine command) {
    switch (e) {
      case NetworkException _, IOException _, IllegalArgumentException _, IllegalStateException _ ->
          command.getErr().println("bench: " + e.getMessage());
      default -> e.printStackTrace(command.getErr());
    }
    command.getErr().flush();
    return ExitCode.NOTHING_DONE;
  }
}
