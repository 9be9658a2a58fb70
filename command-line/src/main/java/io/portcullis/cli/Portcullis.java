package io.portcullis.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** The program: {@code portcullis compile} and {@code portcullis explain}. */
@Command(
    name = "portcullis",
    description = "Kubernetes network policy by nftables.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {CompileCommand.class, ExplainCommand.class})
public final class Portcullis {

  /** Runs one command and ends the process with its exit code. */
  public static void main(String... arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The parser with all commands. */
  public static CommandLine commandLine() {
    return new CommandLine(new Portcullis())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Portcullis::nothingDone);
  }

  private static int nothingDone(Exception e, CommandLine command, ParseResult parsed) {
    switch (e) {
      case CannotDo _ -> command.getErr().println("portcullis: " + e.getMessage());
      default -> e.printStackTrace(command.getErr());
    }
    return ExitCode.NOTHING_DONE;
  }
}
