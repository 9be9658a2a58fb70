package io.portcullis.agent;

import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.Tables;
import io.portcullis.agent.version.Version;
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

  private final Kernel kernel;
  private final Backoff retry = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private final Backoff confirmation = new Backoff(CONFIRM_EVERY, CONFIRM_EVERY);
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
     * @param plan that was carried out for it
     */
    record Committed(Enforced enforced, Plan plan, Duration took) implements Result {}

    /** It is not; what was enforced before still is. */
    record Failed(String reason) implements Result {}
  }

  Enforcement(Kernel kernel) {
    this.kernel = kernel;
  }

  /** What an agent before this one left in the kernel, if it is whole. */
  Optional<Enforced> left() throws NftException {
    var held = kernel.look();
    return held.live()
        .flatMap(
            dump ->
                dump.stamp()
                    .filter(stamp -> stamp.digest().equals(dump.digest().hex()))
                    .map(
                        stamp ->
                            new Enforced(
                                dump.rules(),
                                stamp,
                                Optional.empty(),
                                new Enforced.Times(0, 0, stamp.micros()),
                                Optional.of(stamp.digest()))));
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
      var stamped = plan.steps().isEmpty() ? stampOf(tables, stamp) : stamp;
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
    var unchanged = plan.steps().isEmpty();
    return new Enforced(
        target.version().rules(),
        stamp,
        Optional.of(target.version().marker()),
        new Enforced.Times(
            target.receivedMicros(),
            target.verifiedMicros(),
            unchanged ? stamp.micros() : Clock.micros()),
        unchanged ? Optional.of(stamp.digest()) : Optional.empty());
  }

  /** Tries again what failed, when it is time. */
  Optional<Result> retryIfDue() {
    return failed.filter(_ -> retry.isDue()).map(this::enforce);
  }

  /** Whether the kernel was not read back since the first commit, or for long. */
  boolean confirmationIsDue() {
    return committed.isPresent() && failed.isEmpty() && confirmation.isDue();
  }

  /**
   * The digest of what the kernel holds. Where that is not the version that was committed, it is
   * brought there again ({@link #retryIfDue}).
   */
  String confirm() throws NftException {
    confirmation.failed();
    var digest =
        kernel.look().tables().live().map(Tables.Live::digest).orElseGet(Digest.EMPTY::hex);
    if (committed.filter(target -> !target.digest().equals(digest)).isPresent()) {
      known = Optional.empty();
      failed = committed;
    }
    return digest;
  }
}
