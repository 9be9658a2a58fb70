package io.portcullis.lab;

import java.io.IOException;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands that need a lab. */
@Command(
    name = "portcullis",
    subcommands = {LabCommand.class, BenchCommand.class},
    mixinStandardHelpOptions = true)
public final class Main {
  private Main() {}

  public static void main(String... arguments) throws IOException {
    try (var settings = Main.class.getResourceAsStream("/logging.properties")) {
      LogManager.getLogManager().readConfiguration(settings);
    }
    System.exit(new CommandLine(new Main()).execute(arguments));
  }
}
