package io.portcullis.agent.enforce;

import io.portcullis.agent.connections.Settled;
import io.portcullis.agent.guard.PodGuard;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.NftDump;
import io.portcullis.retry.Backoff;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the kernel to versions and keeps it there. A version that failed is tried again until it
 * succeeds or a newer one takes its place. The loop's thread uses it.
 */
public final class Enforcement {
  private static final Logger LOG = LoggerFactory.getLogger(Enforcement.class);

  private final EnforcedTable table;
  private final VersionProgrammer programmer;
  private final DriftRepair repair;
  private final Backoff retry = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private final Backoff guardRetry = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private final Backoff settleRetry = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private Optional<PendingVersion> failed = Optional.empty();

  public Enforcement(EnforcedTable table) {
    this.table = table;
    this.programmer = new VersionProgrammer(table);
    this.repair = new DriftRepair(table);
  }

  /** Returns what keeps the table as it was enforced. */
  public DriftRepair repair() {
    return repair;
  }

  /**
   * Reads what an agent before this one left. If the table is a whole version, the swap table of an
   * interrupted change is removed: that version alone is enforced until the topic can be read.
   */
  public InheritedTable inherited() throws NftException {
    var held = table.look();
    var inherited = InheritedTable.of(held);
    switch (inherited) {
      case InheritedTable.Absent _, InheritedTable.Damaged _ -> {}
      case InheritedTable.Whole(var version, _) -> goOnWith(version, held);
      case InheritedTable.Closed(var version, _) -> goOnWith(version, held);
    }
    return inherited;
  }

  private void goOnWith(EnforcedVersion version, Kernel.Held held) throws NftException {
    if (held.tables().swap()) {
      table.removeSwapTable();
    }
    programmer.goOnWith(version);
  }

  /** Brings the kernel to what is known of a version before any can be read from the topic. */
  public void load(EnforcedVersion version) throws NftException {
    table.restore(version, table.look().tables());
    programmer.goOnWith(version);
  }

  /** Goes on with the counts of an earlier agent's table, and samples as this agent is set. */
  public void takeOver(NftDump left) {
    try {
      table.takeOver(left);
    } catch (NftException e) {
      LOG.warn("denied packets are sampled as the agent before this one did: {}", e.getMessage());
    }
  }

  /** Brings the kernel to the version. */
  public Programmed enforce(PendingVersion pending) {
    failed = Optional.empty();
    var result = programmer.program(pending);
    switch (result) {
      case Programmed.Committed _ -> retry.succeeded();
      case Programmed.Failed _ -> {
        failed = Optional.of(pending);
        retry.failed();
      }
    }
    return result;
  }

  /** Tries a version that failed again, if it is time. */
  public Optional<Programmed> retryIfDue() {
    return failed.filter(_ -> retry.isDue()).map(this::enforce);
  }

  /** Tells the kernel what only the node knows, where that has changed (C1, T14). */
  public void hold(LinkWatch watch) {
    var changed = programmer.enforced().flatMap(version -> watch.look(version.rules()));
    try {
      if (changed.isPresent()) {
        table.hold(changed.get());
      }
    } catch (NftException e) {
      LOG.warn("the table does not take the links of pods: {}", e.getMessage());
    }
  }

  /** Renews the guard of new pods, or takes it away, where that is due (C1). */
  public void hold(PodGuard guard) {
    if (programmer.enforced().isEmpty() || !guardRetry.isDue()) {
      return;
    }
    guard.due(table.guard()).ifPresent(lease -> hold(guard, lease));
  }

  private void hold(PodGuard guard, GuardLease lease) {
    try {
      table.hold(lease);
      guard.renewed();
      guardRetry.succeeded();
    } catch (NftException e) {
      LOG.warn("the table does not take the guard of new pods: {}", e.getMessage());
      guardRetry.failed();
    }
  }

  /** Lets the kernel judge no more connections again than a look has left unsettled (C2). */
  public void settle(Optional<Settled> look) {
    if (look.isEmpty() || programmer.enforced().isEmpty() || !settleRetry.isDue()) {
      return;
    }
    try {
      table.settle(programmer.enforced().get().rules(), look.get());
      settleRetry.succeeded();
    } catch (NftException e) {
      LOG.warn("the table does not settle live connections: {}", e.getMessage());
      settleRetry.failed();
    }
  }

  /** Returns whether nothing is to be done until the kernel, the pods or the version change. */
  public boolean isAtRest(LinkWatch links) {
    var isEmpty = programmer.enforced().isEmpty();
    return failed.isEmpty() && (isEmpty || links.isAtRest() && repair.isAtRest());
  }

  /** Returns whether it is time to read the table back or to repair it. */
  public boolean isCheckDue() {
    return programmer.enforced().isPresent() && repair.isDue();
  }

  /** Returns how long looks and repairs of the table rest, because they have taken too much. */
  public Duration rest() {
    return table.rest();
  }

  /** Reads the table back and repairs it, if it is time for either. */
  public Optional<TableCheck> check() {
    var check = programmer.enforced().flatMap(repair::check);
    check.ifPresent(programmer::checked);
    return check;
  }
}
