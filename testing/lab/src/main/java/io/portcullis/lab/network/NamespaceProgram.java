package io.portcullis.lab.network;

import java.util.ArrayList;
import java.util.List;

/** Runs a short program in a network namespace. */
public final class NamespaceProgram {
  private NamespaceProgram() {}

  /**
   * Runs a program to its end.
   *
   * @param namespace the network namespace
   * @param input its standard input
   * @param command the program and its arguments
   * @return its output
   * @throws NetworkException with its output, if it fails
   */
  public static String run(String namespace, String input, String... command)
      throws InterruptedException {
    var line = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    line.addAll(List.of(command));
    return ShortProgram.run(line, input);
  }
}
