package io.portcullis.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program with its commands. */
@Command(
    name = "portcullis",
    description = "Kubernetes network policy, enforced with nftables.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CompileCommand.class,
      DiffCommand.class,
      ExplainCommand.class,
      LintCommand.class,
      PreviewCommand.class,
      ReachCommand.class
    })
public final class Portcullis {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Print this help.")
  private boolean help;

  /** Runs one command and ends the process with its exit code. */
  public static void main(String... arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** Returns the parser with all commands. */
  public static CommandLine commandLine() {
    return new CommandLine(new Portcullis())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Portcullis::usageError)
        .setExecutionExceptionHandler(Portcullis::executionError);
  }

  private static int usageError(ParameterException e, String... arguments) {
    var command = e.getCommandLine();
    var err = command.getErr();
    err.println("portcullis: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.NOTHING_DONE;
  }

  private static int executionError(Exception e, CommandLine command, ParseResult parsed) {
    switch (e) {
      case CommandException _ -> command.getErr().println("portcullis: " + e.getMessage());
      default -> e.printStackTrace(command.getErr());
    }
    return ExitCode.NOTHING_DONE;
  }
}
