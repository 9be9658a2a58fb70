package io.portcullis.lab;

import io.portcullis.cli.Portcullis;
import java.io.IOException;
import java.util.logging.LogManager;

/** The lab's program: the offline commands and {@code lab}. */
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
