package io.portcullis.lab.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program to run in a network namespace.
 *
 * @param name a name that is unique in the lab
 * @param namespace its network namespace
 * @param command its command line
 * @param environment variables beside the lab's own
 * @param log the file that its output is appended to
 * @param preparation the work to do before each start
 */
public record Program(
    String name,
    String namespace,
    List<String> command,
    Map<String, String> environment,
    Path log,
    Preparation preparation) {

  /** Work that must be done before a program can start. */
  public interface Preparation {
    /** The preparation of programs that need none. */
    Preparation NONE = () -> {};

    void prepare() throws IOException;
  }

  public Program {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
