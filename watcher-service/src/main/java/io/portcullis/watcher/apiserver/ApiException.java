package io.portcullis.watcher.apiserver;

import java.io.IOException;
import java.util.Optional;

/** Tells that the API server did not answer, or refused a request. */
public final class ApiException extends IOException {
  private static final long serialVersionUID = 1;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int GONE = 410;

  private final int status;

  /**
   * Makes one for a request that was refused.
   *
   * @param status of HTTP
   */
  public ApiException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** Makes one for a request that had no answer. */
  public ApiException(String message, Throwable cause) {
    super(message, cause);
    this.status = 0;
  }

  /** Tells whether the resource version asked for is too old, so that all must be listed again. */
  public boolean isGone() {
    return status == GONE;
  }

  /** Tells whether the object that was to be changed does not exist. */
  public boolean isNotFound() {
    return status == NOT_FOUND;
  }

  /**
   * Tells whether nothing more can be made in a namespace because it is being deleted. The server
   * says so in words only, with the status of a missing right.
   */
  public boolean isNamespaceTerminating() {
    return status == FORBIDDEN && getMessage().contains("because it is being terminated");
  }

  /** Tells whether the object that was to be made exists already. */
  public boolean isConflict() {
    return status == CONFLICT;
  }

  /** Returns the message, and after it what an operator can do. */
  public String withRemedy() {
    return getMessage() + remedy().map(remedy -> "; " + remedy).orElse("");
  }

  /** Returns what an operator can do. */
  public Optional<String> remedy() {
    return switch (status) {
      case 401 ->
          Optional.of(
              "the server does not accept the watcher's credentials: check its token or certificate");
      case FORBIDDEN ->
          Optional.of("give the watcher's service account the role in deploy/kubernetes")
              .filter(_ -> !isNamespaceTerminating());
      default -> Optional.empty();
    };
  }
}
