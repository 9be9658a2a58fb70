package io.portcullis.watcher.apiserver;

import java.io.IOException;
import java.util.Optional;

/** The API server did not answer, or refused. */
public final class ApiException extends IOException {
  private static final long serialVersionUID = 1;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int GONE = 410;

  private final int status;

  /**
   * @param status of HTTP
   */
  public ApiException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** There was no answer. */
  public ApiException(String message, Throwable cause) {
    super(message, cause);
    this.status = 0;
  }

  /** Whether the resource version asked for is too old: all must be listed again. */
  public boolean isGone() {
    return status == GONE;
  }

  /** Whether what was to be changed is not there. */
  public boolean isOfAnObjectThatIsGone() {
    return status == NOT_FOUND;
  }

  /** Whether what was to be made is there. */
  public boolean isThereAlready() {
    return status == CONFLICT;
  }

  /** What an operator can do. */
  public Optional<String> remedy() {
    return switch (status) {
      case 401 -> Optional.of("the server does not know who asks: see the token or certificate");
      case 403 -> Optional.of("grant the watcher's role of deploy/kubernetes to its account");
      default -> Optional.empty();
    };
  }
}
