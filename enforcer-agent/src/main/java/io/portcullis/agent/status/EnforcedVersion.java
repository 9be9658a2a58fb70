package io.portcullis.agent.status;

import io.portcullis.agent.program.Isolation;
import io.portcullis.agent.program.StepName;
import io.portcullis.agent.program.Tables;
import io.portcullis.agent.version.Version;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.Applied.Stage;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.RuleSet;
import java.util.List;
import java.util.Optional;

/**
 * The version in the kernel.
 *
 * @param rules what it holds; without its informative parts as long as it is known from the kernel
 *     only
 * @param stamp whose version it is
 * @param marker absent as long as it is known from the kernel only
 * @param wide which versions of wide sets are in the rules
 * @param times of its way here
 * @param isolation what of the version the kernel cannot hold, if there is anything; the rules are
 *     without it
 * @param kernelDigest of what the kernel held when it was last looked at, if it was
 */
public record EnforcedVersion(
    RuleSet rules,
    Stamp stamp,
    Optional<Marker> marker,
    List<Version.Held> wide,
    Times times,
    Optional<Isolation> isolation,
    Optional<String> kernelDigest) {

  /**
   * Microseconds since 1970; the first two are 0 where the kernel held the version before the agent
   * started.
   *
   * @param received when its marker came
   * @param verified when it had proved right
   * @param committed when it was in the kernel: with the transaction that has its stamp; what
   *     nothing leads to any more may go after that
   * @param stages the transactions that this took
   */
  public record Times(long received, long verified, long committed, List<Stage> stages) {
    public static Times of(long received, long verified, List<Stage> stages) {
      var completed =
          stages.stream()
              .filter(stage -> !stage.name().equals(StepName.CLEAN_UP.name()))
              .mapToLong(Stage::micros)
              .max()
              .orElseThrow();
      return new Times(received, verified, completed, stages);
    }

    public static Times before(Stamp stamp) {
      return new Times(0, 0, stamp.micros(), List.of());
    }
  }

  public EnforcedVersion {
    wide = List.copyOf(wide);
  }

  /** Returns a version of which neither the marker nor its way here is known. */
  public static EnforcedVersion unconfirmed(RuleSet rules, Stamp stamp) {
    return new EnforcedVersion(
        rules,
        stamp,
        Optional.empty(),
        List.of(),
        Times.before(stamp),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Returns what is enforced after a boot until a version is read.
   *
   * @param rules without endpoints
   * @param version the last one before the boot
   */
  public static EnforcedVersion closed(RuleSet rules, long version, String topicId) {
    return unconfirmed(rules, Stamp.closed(version, topicId, rules.digest().hex()));
  }

  /** Returns the digest of the rules; the version's own unless something is isolated. */
  public String digest() {
    return isolation.map(Isolation::digest).orElse(stamp.digest());
  }

  /** Returns what tables there are while it is enforced. */
  public Tables tables() {
    return new Tables(Optional.of(new Tables.Live(digest(), Optional.of(stamp))), false);
  }

  /** Tests whether those tables hold it, and it alone. */
  public boolean isIn(Tables tables) {
    return !tables.swap()
        && tables
            .live()
            .filter(live -> live.digest().equals(digest()))
            .flatMap(Tables.Live::stamp)
            .filter(stamp::isOfSameVersion)
            .isPresent();
  }

  EnforcedVersion confirmed(String digest) {
    return new EnforcedVersion(rules, stamp, marker, wide, times, isolation, Optional.of(digest));
  }
}
