package io.portcullis.agent.enforce;

import io.portcullis.agent.guard.PodGuard;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.links.PodLinks;
import io.portcullis.agent.program.Isolation;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.Tables;
import io.portcullis.agent.status.Clock;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.agent.version.Version;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.Stamp;
import io.portcullis.retry.Backoff;
import io.portcullis.ruleset.Applied.Stage;
import io.portcullis.ruleset.RuleSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the kernel to versions and keeps it there. What could not be brought there is kept and
 * tried again until it succeeds or a newer version takes its place. The loop's thread uses it.
 */
public final class Enforcement {
  private static final Logger LOG = LoggerFactory.getLogger(Enforcement.class);

  private final Kernel kernel;
  private final DriftRepair guard;
  private final Backoff retry = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private final Backoff guardRetry = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private Optional<Tables> known = Optional.empty();
  private Optional<Target> failed = Optional.empty();
  private Optional<EnforcedVersion> enforced = Optional.empty();

  /** Some steps of a version are in the kernel, and others are not. */
  private boolean isBetweenVersions;

  /** A version that should be in the kernel. */
  public record Target(Version version, long receivedMicros, long verifiedMicros) {
    String digest() {
      return version.digest();
    }
  }

  /** How it went. */
  public sealed interface Result {
    /**
     * The version is in the kernel.
     *
     * @param plan that was carried out for it; without steps where it was there already
     */
    record Committed(EnforcedVersion enforced, Plan plan, Duration took) implements Result {}

    /** It is not; what was enforced before still is. */
    record Failed(String reason) implements Result {}
  }

  public Enforcement(Kernel kernel) {
    this.kernel = kernel;
    this.guard = new DriftRepair(kernel);
  }

  /** What keeps the kernel at what was enforced. */
  public DriftRepair guard() {
    return guard;
  }

  /** What an agent before this one left in the kernel. */
  public sealed interface Left {
    /** There is no table. */
    record Nothing() implements Left {}

    /**
     * A table that is no whole version.
     *
     * @param stamp of the version that it was, where an agent made it
     */
    record Wrong(Optional<Stamp> stamp, String reason) implements Left {}

    /** A version that is all there; it is to be {@linkplain #takeOver taken over}. */
    record Whole(EnforcedVersion version, NftDump table) implements Left {}
  }

  /**
   * Looks at what is there. The swap table of a change that was not finished goes where the version
   * beside it is whole: that one alone is to be enforced until the topic can be read.
   */
  public Left left() throws NftException {
    var held = guard.look();
    if (held.tables().live().isEmpty()) {
      return new Left.Nothing();
    }
    if (held.live().flatMap(NftDump::stamp).isEmpty()) {
      return new Left.Wrong(Optional.empty(), "the table in the kernel is of no agent");
    }
    var dump = held.live().get();
    var digest = dump.digest().hex();
    var stamp = dump.stamp().orElseThrow();
    if (!stamp.digest().equals(digest)) {
      return new Left.Wrong(
          Optional.of(stamp),
          "the table in the kernel is not version %d any more: digest %s"
              .formatted(stamp.version(), digest));
    }
    if (held.tables().swap()) {
      kernel.carryOut(Plan.SWAP_OUT_ALONE);
    }
    var version =
        new EnforcedVersion(
            dump.rules(),
            stamp,
            Optional.empty(),
            List.of(),
            EnforcedVersion.Times.before(stamp),
            Optional.empty(),
            Optional.of(digest));
    enforced = Optional.of(version);
    known = enforced.map(EnforcedVersion::tables);
    return new Left.Whole(version, dump);
  }

  /** What was counted goes on, and packets are told as this agent is to tell them. */
  public void takeOver(NftDump left) {
    var generation = guard.generation();
    try {
      guard.committed(generation, kernel.takeOver(left));
    } catch (NftException e) {
      LOG.warn("denied packets are told as the agent before this one had it: {}", e.getMessage());
      guard.doubt();
    }
  }

  /** Brings the kernel to the version. */
  public Result enforce(Target target) {
    failed = Optional.empty();
    var begun = System.nanoTime();
    var marker = target.version().marker();
    var stamp = new Stamp(marker.number(), marker.topicId(), target.digest(), Clock.micros());
    var attempt = new Attempt(target, stamp, Optional.empty(), begun);
    var inSteps = inSteps(attempt);
    if (inSteps.isPresent()) {
      return inSteps.get();
    }
    try {
      return carriedOut(attempt, tablesBefore(stamp));
    } catch (NftException e) {
      guard.doubt();
      known = Optional.empty();
      return isolated(target, stamp, begun).orElseGet(() -> failed(target, e));
    }
  }

  /**
   * A version on its way into the kernel.
   *
   * @param isolation what of it is left out
   */
  private record Attempt(
      Target target, Stamp stamp, Optional<Isolation> isolation, long beganNanos) {
    RuleSet rules() {
      return isolation.map(Isolation::rules).orElse(target.version().rules());
    }

    String digest() {
      return isolation.map(Isolation::digest).orElse(target.digest());
    }
  }

  /** What differs is changed, where the kernel is known to hold what was enforced last. */
  private Optional<Result> inSteps(Attempt attempt) {
    var last =
        enforced.filter(held -> held.isolation().isEmpty() && known.filter(held::isIn).isPresent());
    if (last.isEmpty() || last.get().digest().equals(attempt.digest())) {
      return Optional.empty();
    }
    var version = attempt.target().version();
    var before = last.get().rules();
    var plan = Plan.toNext(before, version.rules(), version.changeOf(before), attempt.stamp());
    try {
      return plan.isPresent()
          ? Optional.of(carriedOut(attempt, known.orElseThrow(), plan.get()))
          : Optional.empty();
    } catch (NftException e) {
      LOG.warn(
          "the table is replaced as a whole, as it does not take a change: {}", e.getMessage());
      guard.doubt();
      known = Optional.empty();
      isBetweenVersions = true;
      return Optional.empty();
    }
  }

  /** A version that cannot be completed leaves nothing of it behind. */
  private void goBack() {
    isBetweenVersions = false;
    enforced.ifPresent(
        last -> {
          try {
            kernel.changing(last.rules(), last.rules());
            kernel.carryOut(
                Plan.toHold(last.rules(), last.digest(), last.stamp(), guard.look().tables()));
          } catch (NftException e) {
            LOG.error("what is there of a version that failed stays for now: {}", e.getMessage());
          } finally {
            guard.doubt();
          }
        });
  }

  /** Enforces all of the version but what the kernel refuses, where single objects are at fault. */
  private Optional<Result> isolated(Target target, Stamp stamp, long begun) {
    var isolation = Isolation.of(target.version().rules(), kernel::refusal);
    if (isolation.isEmpty()) {
      return Optional.empty();
    }
    try {
      var result = carriedOut(new Attempt(target, stamp, isolation, begun), guard.look().tables());
      guard.doubt(); // so that its digest is read back
      return Optional.of(result);
    } catch (NftException e) {
      return Optional.of(failed(target, e));
    }
  }

  private Result failed(Target target, NftException reason) {
    failed = Optional.of(target);
    retry.failed();
    if (isBetweenVersions) {
      goBack();
    }
    return new Result.Failed(reason.getMessage());
  }

  private Result carriedOut(Attempt attempt, Tables tables) throws NftException {
    return carriedOut(
        attempt, tables, Plan.toHold(attempt.rules(), attempt.digest(), attempt.stamp(), tables));
  }

  private Result carriedOut(Attempt attempt, Tables tables, Plan plan) throws NftException {
    var stages = new ArrayList<Stage>();
    var generation = guard.generation();
    kernel.changing(enforced.map(EnforcedVersion::rules).orElse(RuleSet.EMPTY), attempt.rules());
    kernel.carryOut(plan, step -> stages.add(new Stage(step.name(), Clock.micros())));
    guard.committed(generation, plan.steps().size());
    var held = enforced(attempt, tables, plan, stages);
    known = Optional.of(held.tables());
    enforced = Optional.of(held);
    isBetweenVersions = false;
    retry.succeeded();
    return new Result.Committed(
        held, plan, Duration.ofNanos(System.nanoTime() - attempt.beganNanos()));
  }

  /**
   * What tables there are. What is believed is enough to replace everything behind the swap table;
   * that something need not be replaced is only said after a look, or where nobody has changed
   * anything since one.
   */
  private Tables tablesBefore(Stamp stamp) throws NftException {
    var differs = known.flatMap(Tables::live).filter(live -> !live.digest().equals(stamp.digest()));
    return known.isPresent() && (differs.isPresent() || guard.isUnmoved())
        ? known.get()
        : guard.look().tables();
  }

  private static Stamp stampOf(Tables tables, Stamp otherwise) {
    return tables.live().flatMap(Tables.Live::stamp).orElse(otherwise);
  }

  private static EnforcedVersion enforced(
      Attempt attempt, Tables tables, Plan plan, List<Stage> stages) {
    var target = attempt.target();
    var marker = Optional.of(target.version().marker());
    if (plan.keepsTheTable()) {
      var stamp = stampOf(tables, attempt.stamp());
      return new EnforcedVersion(
          attempt.rules(),
          stamp,
          marker,
          target.version().wide(),
          EnforcedVersion.Times.before(stamp),
          attempt.isolation(),
          Optional.of(attempt.digest()));
    }
    return new EnforcedVersion(
        attempt.rules(),
        attempt.stamp(),
        marker,
        target.version().wide(),
        EnforcedVersion.Times.of(target.receivedMicros(), target.verifiedMicros(), stages),
        attempt.isolation(),
        Optional.empty());
  }

  /** Tries again what failed, when it is time. */
  public Optional<Result> retryIfDue() {
    return failed.filter(_ -> retry.isDue()).map(this::enforce);
  }

  /** Lets the kernel know the links of local pods, where they have changed (T14). */
  public void look(LinkWatch watch) {
    enforced.flatMap(held -> watch.look(held.rules())).map(PodLinks::own).ifPresent(this::hold);
  }

  /** Lets the guard of new pods stand as long as it is to (C1). */
  public void hold(PodGuard newPods) {
    if (enforced.isEmpty() || !guardRetry.isDue()) {
      return;
    }
    newPods.due(kernel.guard()).ifPresent(lease -> hold(newPods, lease));
  }

  private void hold(PodGuard newPods, GuardLease lease) {
    var generation = guard.generation();
    try {
      guard.committed(generation, kernel.hold(lease));
      newPods.renewed();
      guardRetry.succeeded();
    } catch (NftException e) {
      LOG.warn(
          "the table does not take the guard of new pods, it is looked at: {}", e.getMessage());
      guardRetry.failed();
      guard.doubt();
    }
  }

  private void hold(SortedSet<String> links) {
    var generation = guard.generation();
    try {
      guard.committed(generation, kernel.hold(links));
    } catch (NftException e) {
      LOG.warn("the table does not take the links of pods, it is looked at: {}", e.getMessage());
      guard.doubt();
    }
  }

  /** Keeps the kernel at what was enforced last, where it is time to look or to repair. */
  public Optional<DriftRepair.Watched> watch() {
    var watched = enforced.flatMap(guard::watch);
    watched.ifPresent(
        found ->
            known =
                switch (found) {
                  case DriftRepair.Watched.Whole _, DriftRepair.Watched.Repaired _ ->
                      enforced.map(EnforcedVersion::tables);
                  case DriftRepair.Watched.NotRepaired _ -> Optional.empty();
                });
    return watched;
  }
}
