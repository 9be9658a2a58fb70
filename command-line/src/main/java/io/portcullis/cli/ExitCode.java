package io.portcullis.cli;

/** The exit codes of all commands. */
public final class ExitCode {
  /** All objects are valid, apart from warnings and notes. */
  public static final int WELL = 0;

  /** Some objects were refused; all others counted. */
  public static final int REFUSED = 1;

  /** Two states differ, as diff(1) has it. */
  public static final int DIFFERENT = 1;

  /** The command failed. */
  public static final int NOTHING_DONE = 2;

  /** A change does something else than is expected. */
  public static final int UNEXPECTED = 3;

  private ExitCode() {}
}
