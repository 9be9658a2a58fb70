package io.portcullis.agent;

import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.Tables;
import io.portcullis.agent.version.Version;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.Digest;
import java.time.Duration;
import java.util.Optional;

/**
 * Brings the kernel to versions. What could not be brought there is kept and tried again until it
 * succeeds or a newer version takes its place. The loop's thread uses it.
 */
final class Enforcement {
  private static final Duration CONFIRM_EVERY = Duration.ofHours(1);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

  private final Kernel kernel;
  private final Backoff retry = new Backoff(FIRST_RETRY, Duration.ofMinutes(1));
  private final Backoff confirmation = new Backoff(CONFIRM_EVERY, CONFIRM_EVERY);
  private final Backoff repair = new Backoff(FIRST_RETRY, CONFIRM_EVERY);
  private Optional<Tables> known = Optional.empty();
  private Optional<Target> failed = Optional.empty();
  private Optional<Target> committed = Optional.empty();

  /** A version that should be in the kernel. */
  record Target(Version version, long receivedMicros, long verifiedMicros) {
    String digest() {
      return version.marker().digest();
    }
  }

  /** How it went. */
  sealed interface Result {
    /**
     * The version is in the kernel.
     *
     * @param plan that was carried out for it; without steps where it was there already
     */
    record Committed(Enforced enforced, Plan plan, Duration took) implements Result {}

    /** It is not; what was enforced before still is. */
    record Failed(String reason) implements Result {}
  }

  Enforcement(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * What an agent before this one left in the kernel.
   *
   * @param whole the version, if it is all there
   * @param stamp of the table, also where the table was changed since
   * @param wrong why it is not whole, where there is a table
   */
  record Left(Optional<Enforced> whole, Optional<Stamp> stamp, Optional<String> wrong) {
    private static final Left NOTHING =
        new Left(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Looks at what is there. The swap table of a change that was not finished goes where the version
   * beside it is whole: that one alone is to be enforced until the topic can be read.
   */
  Left left() throws NftException {
    var held = kernel.look();
    if (held.tables().live().isEmpty()) {
      return Left.NOTHING;
    }
    if (held.live().flatMap(NftDump::stamp).isEmpty()) {
      return new Left(
          Optional.empty(),
          Optional.empty(),
          Optional.of("the table in the kernel is of no agent"));
    }
    var dump = held.live().get();
    var digest = dump.digest().hex();
    var stamp = dump.stamp().orElseThrow();
    if (!stamp.digest().equals(digest)) {
      return new Left(
          Optional.empty(),
          dump.stamp(),
          Optional.of(
              "the table in the kernel is not version %d any more: digest %s"
                  .formatted(stamp.version(), digest)));
    }
    if (held.tables().swap()) {
      kernel.carryOut(Plan.SWAP_OUT_ALONE);
    }
    return new Left(
        Optional.of(
            new Enforced(
                dump.rules(),
                stamp,
                Optional.empty(),
                Enforced.Times.before(stamp),
                Optional.of(digest))),
        dump.stamp(),
        Optional.empty());
  }

  /** Brings the kernel to the version. */
  Result enforce(Target target) {
    failed = Optional.empty();
    var begun = System.nanoTime();
    var marker = target.version().marker();
    var stamp = new Stamp(marker.number(), marker.topicId(), marker.digest(), Clock.micros());
    try {
      var tables = tablesBefore(stamp);
      var plan = Plan.toHold(target.version().rules(), stamp, tables);
      kernel.carryOut(plan);
      var stamped = plan.keepsTheTable() ? stampOf(tables, stamp) : stamp;
      known = Optional.of(Tables.holding(stamped));
      committed = Optional.of(target);
      retry.succeeded();
      return new Result.Committed(
          enforced(target, stamped, plan), plan, Duration.ofNanos(System.nanoTime() - begun));
    } catch (NftException e) {
      known = Optional.empty();
      failed = Optional.of(target);
      retry.failed();
      return new Result.Failed(e.getMessage());
    }
  }

  /**
   * What tables there are. What is believed is enough to replace everything behind the swap table;
   * that something need not be replaced is only said after a look.
   */
  private Tables tablesBefore(Stamp stamp) throws NftException {
    var differs = known.flatMap(Tables::live).filter(live -> !live.digest().equals(stamp.digest()));
    return differs.isPresent() ? known.get() : kernel.look().tables();
  }

  private static Stamp stampOf(Tables tables, Stamp otherwise) {
    return tables.live().flatMap(Tables.Live::stamp).orElse(otherwise);
  }

  private static Enforced enforced(Target target, Stamp stamp, Plan plan) {
    return new Enforced(
        target.version().rules(),
        stamp,
        Optional.of(target.version().marker()),
        plan.keepsTheTable()
            ? Enforced.Times.before(stamp)
            : new Enforced.Times(target.receivedMicros(), target.verifiedMicros(), Clock.micros()),
        plan.keepsTheTable() ? Optional.of(stamp.digest()) : Optional.empty());
  }

  /** Tries again what failed, when it is time. */
  Optional<Result> retryIfDue() {
    return failed.filter(_ -> retry.isDue()).map(this::enforce);
  }

  /** Whether the kernel was not read back since the first commit, since a repair, or for long. */
  boolean confirmationIsDue() {
    return committed.isPresent() && failed.isEmpty() && confirmation.isDue();
  }

  /**
   * The digest of what the kernel holds. Where that is not the version that was committed, it is
   * brought there again ({@link #retryIfDue}) and read back: at once, and less and less often where
   * that does not help.
   */
  String confirm() throws NftException {
    confirmation.failed();
    var digest =
        kernel.look().tables().live().map(Tables.Live::digest).orElseGet(Digest.EMPTY::hex);
    if (committed.filter(target -> !target.digest().equals(digest)).isPresent()) {
      known = Optional.empty();
      failed = committed;
      repair.failed();
      retry.dueWith(repair);
      confirmation.dueWith(repair);
    } else {
      repair.succeeded();
    }
    return digest;
  }
}
