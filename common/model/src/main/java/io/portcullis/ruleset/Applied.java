package io.portcullis.ruleset;

import java.util.List;
import java.util.Optional;

/**
 * An agent's answer: which version its node's kernel holds.
 *
 * @param version in the kernel, 0 before the first
 * @param topicId of the topic that the version came from
 * @param digest that the marker names; where the agent knows the version from the kernel only, that
 *     of all that the table says to hold, and {@code wide} is empty
 * @param kernelDigest computed from what the kernel holds; absent where it was not read back
 * @param receivedMicros when the marker came, microseconds since 1970; 0 where the version was in
 *     the kernel before the agent started
 * @param verifiedMicros when the version had proved right, likewise
 * @param committedMicros when the kernel had all of it
 * @param stages the transactions that this took, in their order
 * @param error why a later version is not in the kernel
 * @param agent what answers
 * @param wide which versions of wide sets the kernel holds with it
 */
public record Applied(
    String node,
    long version,
    String topicId,
    String digest,
    Optional<String> kernelDigest,
    long receivedMicros,
    long verifiedMicros,
    long committedMicros,
    List<Stage> stages,
    Optional<String> error,
    Agent agent,
    List<Wide> wide) {
  public Applied {
    wide = wide == null ? List.of() : List.copyOf(wide);
    stages = stages == null ? List.of() : List.copyOf(stages);
  }

  /**
   * A transaction of the version's way into the kernel.
   *
   * @param name what it was for
   * @param micros when the kernel committed it, microseconds since 1970
   */
  public record Stage(String name, long micros) {}

  /** A version of a wide set; each has a digest of its own beside the node's. */
  public record Wide(SetId set, long version, String digest) {}

  /**
   * The program that answers and what it works with.
   *
   * @param build of the agent
   * @param nft its release and the way to it
   * @param kernel its release
   */
  public record Agent(String build, String nft, String kernel) {}
}
