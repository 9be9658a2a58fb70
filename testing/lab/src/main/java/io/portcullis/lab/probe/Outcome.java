package io.portcullis.lab.probe;

/** What a probe saw. */
public sealed interface Outcome {

  /** TCP connected, or the datagram came back. */
  record Answered() implements Outcome {}

  /** The far end said that nobody listens: the packet went there and the answer came back. */
  record Refused() implements Outcome {}

  /** Nothing came until the deadline, though the packet was sent several times. */
  record Silent() implements Outcome {}

  /** Neither an answer nor silence, in the kernel's words. */
  record Failed(String reason) implements Outcome {}

  /** Whether packets went there and back. */
  default boolean reached() {
    return switch (this) {
      case Answered _, Refused _ -> true;
      case Silent _, Failed _ -> false;
    };
  }

  /** Whether it is not what was expected. */
  default boolean differsFrom(boolean allowed) {
    return switch (this) {
      case Answered _, Refused _ -> !allowed;
      case Silent _ -> allowed;
      case Failed _ -> true;
    };
  }

  /** As a report words it. */
  default String text() {
    return switch (this) {
      case Answered _ -> "answered";
      case Refused _ -> "refused, so it got there";
      case Silent _ -> "silence";
      case Failed(var reason) -> "failed: " + reason;
    };
  }
}
