package io.portcullis.lab.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program to run in a network namespace.
 *
 * @param name unique in the lab
 * @param environment beside the lab's own
 * @param log that its output is appended to
 * @param preparation done before each start
 */
public record Program(
    String name,
    String namespace,
    List<String> command,
    Map<String, String> environment,
    Path log,
    Preparation preparation) {

  /** What must be there before a program can start. */
  public interface Preparation {
    /** Of most programs. */
    Preparation NONE = () -> {};

    void prepare() throws IOException;
  }

  public Program {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
