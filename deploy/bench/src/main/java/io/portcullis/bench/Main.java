package io.portcullis.bench;

import io.portcullis.cli.ExitCode;
import io.portcullis.lab.network.NetworkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The program that measures the compiler, the agent and its data plane; {@code memory} is a process
 * of it.
 */
@Command(
    name = "bench",
    subcommands = {
      AgentCommand.class,
      CompileCommand.class,
      CoreCommand.class,
      DataPlaneCommand.class,
      ScaleCommand.class
    })
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String... arguments) {
    System.exit(
        new CommandLine(new Main())
            .setExecutionExceptionHandler(
                (e, command, _) -> {
                  command.getErr().println("bench: " + e);
                  if (!(e instanceof NetworkException)) {
                    e.printStackTrace(command.getErr());
                  }
                  command.getErr().flush();
                  return ExitCode.NOTHING_DONE;
                })
            .addSubcommand(new MemoryCommand())
            .execute(arguments));
  }
}
