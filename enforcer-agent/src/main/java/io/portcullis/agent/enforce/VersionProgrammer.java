package io.portcullis.agent.enforce;

import io.portcullis.agent.enforce.Programmed.Committed;
import io.portcullis.agent.enforce.Programmed.Failed;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.program.Isolation;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.Tables;
import io.portcullis.agent.status.Clock;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.Applied.Stage;
import io.portcullis.ruleset.RuleSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one version after another into the kernel.
 *
 * <pre>
 *   in steps --refused--> replaced as a whole --refused--> without the objects at fault
 *                                                                 |
 *                             back to the version before <--refused
 * </pre>
 */
final class VersionProgrammer {
  private static final Logger LOG = LoggerFactory.getLogger(VersionProgrammer.class);

  private final EnforcedTable table;
  private Optional<EnforcedVersion> enforced = Optional.empty();

  /** Our tables in the kernel, where they are known without a look. */
  private Optional<Tables> known = Optional.empty();

  /** Some steps of a version are in the kernel, and others are not. */
  private boolean isBetweenVersions;

  VersionProgrammer(EnforcedTable table) {
    this.table = table;
  }

  /** Returns the version that is in the kernel. */
  Optional<EnforcedVersion> enforced() {
    return enforced;
  }

  /** Goes on with a version that is in the kernel already. */
  void goOnWith(EnforcedVersion version) {
    enforced = Optional.of(version);
    known = enforced.map(EnforcedVersion::tables);
  }

  /** Learns what a look found. */
  void checked(TableCheck check) {
    known =
        switch (check) {
          case TableCheck.Intact _, TableCheck.Repaired _ -> enforced.map(EnforcedVersion::tables);
          case TableCheck.Unrepaired _ -> Optional.empty();
        };
  }

  /**
   * A version on its way into the kernel.
   *
   * @param isolation the objects that are left out, if any are
   */
  private record Attempt(
      PendingVersion pending, Stamp stamp, Optional<Isolation> isolation, long beganNanos) {
    static Attempt begin(PendingVersion pending) {
      var marker = pending.version().marker();
      var digest = pending.version().digest();
      var stamp = new Stamp(marker.number(), marker.topicId(), digest, Clock.micros());
      return new Attempt(pending, stamp, Optional.empty(), System.nanoTime());
    }

    Attempt without(Isolation objects) {
      return new Attempt(pending, stamp, Optional.of(objects), beganNanos);
    }

    RuleSet rules() {
      return isolation.map(Isolation::rules).orElse(pending.version().rules());
    }

    String digest() {
      return isolation.map(Isolation::digest).orElse(stamp.digest());
    }

    Plan replacing(Tables tables) {
      return Plan.toHold(rules(), digest(), stamp, tables);
    }
  }

  /** Brings the kernel to the version. */
  Programmed program(PendingVersion pending) {
    var attempt = Attempt.begin(pending);
    var inSteps = inSteps(attempt);
    return inSteps.isPresent() ? inSteps.get() : asAWhole(attempt);
  }

  /** Changes only what differs, where the kernel is known to hold what was enforced last. */
  private Optional<Programmed> inSteps(Attempt attempt) {
    var last =
        enforced.filter(held -> held.isolation().isEmpty() && known.filter(held::isIn).isPresent());
    if (last.isEmpty() || last.get().digest().equals(attempt.digest())) {
      return Optional.empty();
    }
    var version = attempt.pending().version();
    var before = last.get().rules();
    var plan =
        Plan.toNext(
            before, version.rules(), version.changeOf(before), attempt.stamp(), table.live());
    try {
      return plan.isPresent()
          ? Optional.of(carryOut(attempt, known.orElseThrow(), plan.get()))
          : Optional.empty();
    } catch (NftException e) {
      LOG.warn("the table is replaced as a whole: it does not take a change: {}", e.getMessage());
      known = Optional.empty();
      isBetweenVersions = true;
      return Optional.empty();
    }
  }

  private Programmed asAWhole(Attempt attempt) {
    try {
      var tables = tablesBefore(attempt.stamp());
      var result = carryOut(attempt, tables, attempt.replacing(tables));
      table.doubt(); // so that its digest is read back
      return result;
    } catch (NftException e) {
      table.doubt();
      known = Optional.empty();
      return withoutRefusedObjects(attempt, e);
    }
  }

  /**
   * Returns our tables in the kernel. What is believed is enough where everything is replaced
   * behind the swap table. That something need not be replaced is only said after a look, or where
   * nobody has changed anything since one.
   */
  private Tables tablesBefore(Stamp stamp) throws NftException {
    var differs = known.flatMap(Tables::live).filter(live -> !live.digest().equals(stamp.digest()));
    return known.isPresent() && (differs.isPresent() || table.isUnmoved())
        ? known.get()
        : table.look().tables();
  }

  /** Enforces the rest of a version of which the kernel refuses single objects. */
  private Programmed withoutRefusedObjects(Attempt attempt, NftException refusal) {
    var isolation = Isolation.of(attempt.rules(), table::refusal);
    if (isolation.isEmpty()) {
      return failed(refusal);
    }
    try {
      var tables = table.look().tables();
      var rest = attempt.without(isolation.get());
      var result = carryOut(rest, tables, rest.replacing(tables));
      table.doubt(); // so that its digest is read back
      return result;
    } catch (NftException e) {
      return failed(e);
    }
  }

  private Failed failed(NftException reason) {
    if (isBetweenVersions) {
      isBetweenVersions = false;
      enforced.ifPresent(this::goBack);
    }
    return new Failed(reason.getMessage());
  }

  /** Leaves nothing of a version that cannot be completed. */
  private void goBack(EnforcedVersion last) {
    try {
      table.restore(last, table.look().tables());
    } catch (NftException e) {
      LOG.error("parts of a version that failed stay in the kernel for now: {}", e.getMessage());
    } finally {
      table.doubt();
    }
  }

  private Programmed carryOut(Attempt attempt, Tables tables, Plan plan) throws NftException {
    var stages = new ArrayList<Stage>();
    var before = enforced.map(EnforcedVersion::rules).orElse(RuleSet.EMPTY);
    table.carryOut(
        plan, before, attempt.rules(), step -> stages.add(new Stage(step.name(), Clock.micros())));
    var version = enforced(attempt, tables, plan, stages);
    goOnWith(version);
    isBetweenVersions = false;
    return new Committed(version, plan, Duration.ofNanos(System.nanoTime() - attempt.beganNanos()));
  }

  private static EnforcedVersion enforced(
      Attempt attempt, Tables tables, Plan plan, List<Stage> stages) {
    var pending = attempt.pending();
    var wasThere = plan.keepsTheTable();
    var stamp =
        wasThere
            ? tables.live().flatMap(Tables.Live::stamp).orElse(attempt.stamp())
            : attempt.stamp();
    return new EnforcedVersion(
        attempt.rules(),
        stamp,
        Optional.of(pending.version().marker()),
        pending.version().wide(),
        wasThere
            ? EnforcedVersion.Times.before(stamp)
            : EnforcedVersion.Times.of(pending.receivedMicros(), pending.verifiedMicros(), stages),
        attempt.isolation(),
        wasThere ? Optional.of(attempt.digest()) : Optional.empty());
  }
}
