package io.portcullis.cli;

/** Nothing could be done, and its message tells the user why. */
final class CannotDo extends Exception {
  private static final long serialVersionUID = 1;

  CannotDo(String reason) {
    super(reason);
  }

  CannotDo(String reason, Exception cause) {
    super(reason, cause);
  }
}
