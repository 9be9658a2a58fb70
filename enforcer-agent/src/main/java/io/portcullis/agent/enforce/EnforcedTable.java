package io.portcullis.agent.enforce;

import io.portcullis.agent.connections.Settled;
import io.portcullis.agent.drift.ReadBackSchedule;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.program.CounterEdits;
import io.portcullis.agent.program.GuardLeaseClock;
import io.portcullis.agent.program.LiveState;
import io.portcullis.agent.program.LocalEdits;
import io.portcullis.agent.program.NarrowedEndpoints;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.StepEdits;
import io.portcullis.agent.program.StepName;
import io.portcullis.agent.program.Tables;
import io.portcullis.agent.standin.ClosedTable;
import io.portcullis.agent.standin.StandIn;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.nft.Edit;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.LocalSets;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.Rejudging;
import io.portcullis.ruleset.RuleSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The table that enforces, as the agent's loop reads and changes it. Completes each transaction
 * with the node's {@link LocalEdits} and with what rules have counted, and knows when the table is
 * worth reading back. The loop's thread uses it; any thread may ask for the guard and close what is
 * gone.
 */
public final class EnforcedTable {
  private final Kernel kernel;
  private final Optional<StandIn> standIn;
  private final CounterEdits counters;
  private final LocalEdits.Settings settings;
  private final ReadBackSchedule schedule = new ReadBackSchedule();
  private final GuardLeaseClock guard = new GuardLeaseClock(System::nanoTime);
  private final NarrowedEndpoints narrowed = new NarrowedEndpoints(System::nanoTime);
  private Optional<LocalSets> sets = Optional.empty();
  private GuardLease first = GuardLease.NONE;
  private Optional<Expected> expected = Optional.empty();

  /** What the table that stands in was made for. */
  private record Expected(RuleSet rules, LocalSets local) {
    @Override
    public boolean equals(Object other) { // rule sets are long
      return other instanceof Expected(var others, var sets)
          && others == rules
          && sets.equals(local);
    }

    @Override
    public int hashCode() {
      return local.hashCode();
    }
  }

  /** Makes one with default settings whose counts nobody asks for. */
  public EnforcedTable(Kernel kernel) {
    this(kernel, Optional.empty(), CounterEdits.NOTHING, LocalEdits.Settings.DEFAULT);
  }

  /**
   * Makes one with these settings.
   *
   * @param standIn of the same network namespace; whoever made it closes it
   * @param counters carries what rules have counted; whoever made it closes it
   */
  public EnforcedTable(
      Kernel kernel,
      Optional<StandIn> standIn,
      CounterEdits counters,
      LocalEdits.Settings settings) {
    this.kernel = kernel;
    this.standIn = standIn;
    this.counters = counters;
    this.settings = settings;
  }

  private LocalEdits local() {
    return new LocalEdits(sets, guard.lease(), settings);
  }

  /** Reads the table back. */
  Kernel.Held look() throws NftException {
    var generation = kernel.generation();
    var began = System.nanoTime();
    try {
      var held = kernel.look();
      return held.live().map(dump -> held.with(compared(dump))).orElse(held);
    } finally {
      schedule.looked(generation, began, System.nanoTime());
    }
  }

  private NftDump compared(NftDump dump) {
    if (sets.isEmpty() && dump.local().links().stream().allMatch(Edit.SetPodLinks::fits)) {
      sets = Optional.of(dump.local()); // the agent before this one found them
    }
    guard.found(dump.guard());
    narrowed.found(dump.narrowed());
    return local().compare(dump, narrowed.state().narrowed());
  }

  /** Returns whether it is time to read the table back. */
  boolean isLookDue() {
    return schedule.isDue(kernel.generation(), System.nanoTime());
  }

  /** Returns how long looks and repairs rest, because they have taken too much of the time. */
  Duration rest() {
    return schedule.rest(System.nanoTime());
  }

  /** Returns whether nobody else has changed any table since this one was read back. */
  boolean isUnmoved() {
    return schedule.isUnmoved(kernel.generation());
  }

  /** Returns whether a repair has not been read back since. */
  boolean isUnconfirmed() {
    return schedule.isUnconfirmed();
  }

  /** Makes the next look due at once. */
  void doubt() {
    schedule.forget();
  }

  /**
   * Runs the steps of a plan.
   *
   * @param committed takes the name of each step when the kernel has committed it
   * @throws NftException when a step was refused; the next look is due at once
   */
  void carryOut(Plan plan, RuleSet before, RuleSet after, Consumer<StepName> committed)
      throws NftException {
    counters.between(before, after);
    guard.begin(first);
    var completing =
        new StepEdits() {
          @Override
          public List<Edit> before(StepName step) {
            var edits = new ArrayList<>(local().of(step, after));
            edits.addAll(counters.before(step));
            return edits;
          }

          @Override
          public void committed(StepName step) {
            counters.committed(step);
            committed.accept(step);
          }
        };
    commit(plan.steps().size(), () -> kernel.carryOut(plan, completing));
    narrowed.committed(plan, after);
    expect(after);
    if (plan.isOfNewTable() && standIn.filter(StandIn::stands).isPresent()) {
      commit(1, this::removeSwapTable); // the table was removed after the look before this plan
    }
  }

  /** Returns what the next change is planned with (C2). */
  LiveState live() {
    return narrowed.state();
  }

  /**
   * Lets the kernel judge the connections of those endpoints no more that a look has settled (C2).
   *
   * @param rules that the table holds
   * @throws NftException when it was refused; the endpoints stay narrowed
   */
  void settle(RuleSet rules, Settled look) throws NftException {
    narrowed.looked(look.cut());
    var now = narrowed.state().narrowed();
    var left = narrowed.left(look.beforeNanos());
    if (left.equals(now)) {
      return;
    }
    var edits = LocalEdits.settle(new Rejudging(now, rules), new Rejudging(left, rules));
    commit(1, () -> kernel.run(edits));
    narrowed.stayed(left);
  }

  /** Brings the kernel back to a version that it has held before. */
  void restore(EnforcedVersion version, Tables tables) throws NftException {
    var rules = version.rules();
    var plan = Plan.toHold(rules, version.digest(), version.stamp(), tables);
    carryOut(plan, rules, rules, _ -> {});
  }

  /** Brings the kernel back to a version that others have changed. */
  void repair(EnforcedVersion version, Tables tables) throws NftException {
    var began = System.nanoTime();
    try {
      restore(version, tables);
    } finally {
      schedule.repaired(began, System.nanoTime());
    }
  }

  /** Has a table ready that lets nothing pass which these rules may deny, if it is needed. */
  void expect(RuleSet rules) {
    var local = sets.orElse(settings.before());
    var now = Optional.of(new Expected(rules, local));
    if (standIn.isPresent() && !now.equals(expected)) {
      standIn.get().prepare(ClosedTable.of(rules, settings.mark(), local));
      expected = now;
    }
  }

  /**
   * Lets nothing pass that the version may deny, if others have removed the table: the kernel takes
   * so little in a fraction of the time.
   */
  public void closeIfGone() {
    standIn.ifPresent(table -> table.closeIfGone(guard.lease()));
  }

  private interface Transactions {
    void run() throws NftException;
  }

  private void commit(int number, Transactions transactions) throws NftException {
    var before = kernel.generation();
    try {
      transactions.run();
      schedule.committed(before, number);
    } catch (NftException e) {
      doubt();
      throw e;
    }
  }

  /** Removes the swap table of an interrupted change whose live table is whole. */
  void removeSwapTable() throws NftException {
    kernel.carryOut(Plan.SWAP_OUT_ALONE);
  }

  /** Goes on with the counts of an earlier agent's table, and samples as this agent is set. */
  void takeOver(NftDump left) throws NftException {
    counters.found(left.retired());
    commit(1, () -> kernel.run(local().samples()));
  }

  /** Sets what only the node knows, for this table and all that will replace it (C1, T14). */
  void hold(LocalSets found) throws NftException {
    if (sets.equals(Optional.of(found))) {
      return;
    }
    sets = Optional.of(found); // where this fails, the next look finds what is missing
    commit(1, () -> kernel.run(LocalEdits.sets(found)));
  }

  /**
   * Renews the guard of new pods or takes it away (C1).
   *
   * @throws NftException when it was refused; the lease before goes on
   */
  void hold(GuardLease lease) throws NftException {
    commit(1, () -> kernel.run(guard.renew(lease)));
    guard.held(lease);
  }

  /** Gives the first table this guard from its beginning, where there is none yet (C1). */
  public void promise(GuardLease lease) {
    first = lease;
  }

  /** Returns what is left of the guard of new pods (C1). */
  public GuardLease guard() {
    return guard.lease();
  }

  /** Returns how long ago the kernel lifted the guard; empty while it stands. */
  public Optional<Duration> openFor() {
    return guard.openFor();
  }

  /** Returns why the kernel would refuse these rules, if it would. */
  Optional<String> refusal(RuleSet rules) {
    return kernel.refusal(rules);
  }

  /** Returns the release of nft and how it is called. */
  public String nft() {
    try {
      return kernel.nftVersion() + " (" + kernel.way() + ")";
    } catch (NftException e) {
      return "unknown: " + e.getMessage() + " (" + kernel.way() + ")";
    }
  }

  /** Returns how nft is called: {@code library} or {@code program}. */
  public String way() {
    return kernel.way();
  }
}
