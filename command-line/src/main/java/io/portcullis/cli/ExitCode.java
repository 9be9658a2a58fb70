package io.portcullis.cli;

/** How commands end. */
final class ExitCode {
  /** All was well; warnings and notes do not count. */
  static final int WELL = 0;

  /** Some objects were refused, all others counted. */
  static final int REFUSED = 1;

  /** Nothing could be done. */
  static final int NOTHING_DONE = 2;

  private ExitCode() {}
}
