package io.portcullis.lab.network;

import java.util.ArrayList;
import java.util.List;

/** Runs a short program in a network namespace. */
public final class NamespaceProgram {
  private NamespaceProgram() {}

  /**
   * Runs it to its end.
   *
   * @return what it printed
   * @throws NetworkException with what it printed, when it fails
   */
  public static String run(String namespace, String input, String... command)
      throws InterruptedException {
    var line = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    line.addAll(List.of(command));
    return ShortProgram.run(line, input);
  }
}
