package io.portcullis.lab.observe;

import java.util.Optional;

/**
 * What a node's agent says.
 *
 * @param held the version that the agent enforces
 * @param error why the agent does not answer, or what is wrong with it
 */
public record NodeView(Optional<Held> held, Optional<String> error) {

  /**
   * A version in the kernel.
   *
   * @param version its number
   * @param digest the digest of its rules
   * @param committedMicros when the kernel committed it, microseconds since 1970
   */
  public record Held(long version, String digest, long committedMicros) {}

  /** The view of a node whose agent was not asked. */
  public static final NodeView UNKNOWN = silent("its agent has not been asked yet");

  static NodeView silent(String reason) {
    return new NodeView(Optional.empty(), Optional.of(reason));
  }

  /** Tells whether the node enforces the rules with this digest. */
  public boolean holds(String digest) {
    return held.filter(version -> version.digest().equals(digest)).isPresent();
  }
}
