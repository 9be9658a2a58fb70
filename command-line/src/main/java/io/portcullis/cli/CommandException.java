package io.portcullis.cli;

/** A command cannot be carried out. The message tells the user why. */
final class CommandException extends Exception {
  private static final long serialVersionUID = 1;

  CommandException(String reason) {
    super(reason);
  }

  CommandException(String reason, Exception cause) {
    super(reason, cause);
  }
}
