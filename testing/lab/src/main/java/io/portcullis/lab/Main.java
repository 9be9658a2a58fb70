package io.portcullis.lab;

import io.portcullis.cli.Portcullis;
import java.io.IOException;
import java.util.logging.LogManager;

/** The program with the commands that have a lab beside the others. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String... arguments) throws IOException {
    try (var settings = Main.class.getResourceAsStream("/logging.properties")) {
      LogManager.getLogManager().readConfiguration(settings);
    }
    System.exit(Portcullis.commandLine().addSubcommand(new LabCommand()).execute(arguments));
  }
}
