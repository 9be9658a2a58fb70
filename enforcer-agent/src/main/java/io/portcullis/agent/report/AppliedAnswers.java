package io.portcullis.agent.report;

import io.portcullis.agent.status.AgentStatus;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.agent.status.EnforcedVersion.Times;
import io.portcullis.ruleset.Applied;
import io.portcullis.ruleset.Marker;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes an agent's answers from its status. */
public final class AppliedAnswers {
  private static final Times NEVER = new Times(0, 0, 0, List.of());

  private final Supplier<String> nft;
  private final String build;

  /**
   * @param nft tells the release of nftables, and how it is reached
   * @param build of the agent
   */
  public AppliedAnswers(Supplier<String> nft, String build) {
    this.nft = nft;
    this.build = build;
  }

  /** Returns the answer that says what the status says. */
  public Applied answer(AgentStatus status) {
    var enforced = status.enforced();
    var times = enforced.map(EnforcedVersion::times).orElse(NEVER);
    return new Applied(
        status.node(),
        enforced.map(held -> held.stamp().version()).orElse(0L),
        enforced.map(held -> held.stamp().topicId()).orElse(""),
        enforced.map(AppliedAnswers::digest).orElse(""),
        enforced.flatMap(AppliedAnswers::kernelDigest),
        times.received(),
        times.verified(),
        times.committed(),
        times.stages(),
        status.error(),
        software(),
        enforced.map(AppliedAnswers::wide).orElse(List.of()));
  }

  private static String digest(EnforcedVersion held) {
    return held.marker().map(Marker::digest).orElseGet(() -> held.stamp().digest());
  }

  /** A version's own digest leaves wide sets out; the kernel's has them. */
  private static Optional<String> kernelDigest(EnforcedVersion held) {
    return held.kernelDigest()
        .map(digest -> digest.equals(held.stamp().digest()) ? digest(held) : digest);
  }

  private static List<Applied.Wide> wide(EnforcedVersion held) {
    return held.wide().stream()
        .map(set -> new Applied.Wide(set.set(), set.number(), set.digest()))
        .toList();
  }

  private Applied.Agent software() {
    return new Applied.Agent(build, nft.get(), System.getProperty("os.version"));
  }
}
