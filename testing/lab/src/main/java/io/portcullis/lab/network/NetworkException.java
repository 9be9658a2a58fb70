package io.portcullis.lab.network;

/** The kernel or the {@code ip} program refused an operation on the lab's network. */
public final class NetworkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NetworkException(String message) {
    super(message);
  }

  NetworkException(String message, Throwable cause) {
    super(message, cause);
  }
}
