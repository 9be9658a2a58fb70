package io.portcullis.cli;

/** How commands end. */
public final class ExitCode {
  /** All was well; warnings and notes do not count. */
  public static final int WELL = 0;

  /** Some objects were refused, all others counted. */
  public static final int REFUSED = 1;

  /** Nothing could be done. */
  public static final int NOTHING_DONE = 2;

  private ExitCode() {}
}
