package io.portcullis.cli;

/** The exit codes of all commands. */
public final class ExitCode {
  /** All objects are valid, apart from warnings and notes. */
  public static final int WELL = 0;

  /** Some objects were refused; all others counted. */
  public static final int REFUSED = 1;

  /** The command failed. */
  public static final int NOTHING_DONE = 2;

  private ExitCode() {}
}
