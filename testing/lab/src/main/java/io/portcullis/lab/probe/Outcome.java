package io.portcullis.lab.probe;

/** The outcome of a probe. */
public sealed interface Outcome {

  /** The TCP connection was made, or the datagram came back. */
  record Answered() implements Outcome {}

  /** The far end refused: the packet arrived there and the answer came back. */
  record Refused() implements Outcome {}

  /** No answer came until the deadline, though the packet was sent several times. */
  record Silent() implements Outcome {}

  /** The kernel reported an error, which is neither an answer nor silence. */
  record Failed(String reason) implements Outcome {}

  /** Tells whether packets arrived there and came back. */
  default boolean reached() {
    return switch (this) {
      case Answered _, Refused _ -> true;
      case Silent _, Failed _ -> false;
    };
  }

  /** Tells whether this differs from what was expected. */
  default boolean differsFrom(boolean allowed) {
    return switch (this) {
      case Answered _, Refused _ -> !allowed;
      case Silent _ -> allowed;
      case Failed _ -> true;
    };
  }

  /** Returns the outcome as reports print it. */
  default String text() {
    return switch (this) {
      case Answered _ -> "answered";
      case Refused _ -> "refused, so the packet arrived";
      case Silent _ -> "silence";
      case Failed(var reason) -> "failed: " + reason;
    };
  }
}
