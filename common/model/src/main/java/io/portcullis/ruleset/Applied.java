package io.portcullis.ruleset;

import java.util.List;
import java.util.Optional;

/**
 * An agent's answer, which says what version the kernel of its node holds.
 *
 * @param version the version in the kernel, 0 before the first
 * @param topicId the id of the topic that the version came from
 * @param digest the digest that the marker names; where the agent knows the version only from the
 *     kernel, the digest of everything that the table says it holds, and {@code wide} is empty
 * @param kernelDigest the digest of what the kernel holds; absent where it was not read back
 * @param receivedMicros when the marker arrived, in microseconds since 1970; 0 where the version
 *     was in the kernel before the agent started
 * @param verifiedMicros when the version was verified; 0 in the same case
 * @param committedMicros when the kernel had all of the version
 * @param stages the transactions that this took, in order
 * @param error why a later version is not in the kernel
 * @param agent the program that answers
 * @param wide the versions of wide sets that the kernel holds with it
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
   * A transaction that brought the version into the kernel.
   *
   * @param name what the transaction was for
   * @param micros when the kernel committed it, in microseconds since 1970
   */
  public record Stage(String name, long micros) {}

  /** A version of a wide set, which has a digest of its own. */
  public record Wide(SetId set, long version, String digest) {}

  /**
   * The program that answers and what it works with.
   *
   * @param build of the agent
   * @param nft the release of nftables and how the agent calls it
   * @param kernel the release of the kernel
   */
  public record Agent(String build, String nft, String kernel) {}
}
