package io.portcullis.agent.kernel;

import io.portcullis.agent.netlink.KernelEvents;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.StepEdits;
import io.portcullis.agent.program.Tables;
import io.portcullis.nft.Edit;
import io.portcullis.nft.EditRenderer;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.RuleSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nftables of the kernel: runs transactions, reads tables back, tells the generation. It
 * decides nothing of a transaction's content. One thread uses it.
 */
public final class Kernel {
  private static final Logger LOG = LoggerFactory.getLogger(Kernel.class);

  private final Nft nft;
  private final KernelTables tables;
  private final Optional<Generation> generation;
  private final Optional<KernelEvents> events;
  private Optional<String> version = Optional.empty();

  /** Makes one that does not know the kernel's generation. */
  public Kernel(Nft nft) {
    this(nft, Optional.empty(), Optional.empty());
  }

  /**
   * Makes one that knows the kernel's generation, where that is possible.
   *
   * @param generation of the same network namespace
   * @param events of the same network namespace; they are not to notice our own transactions
   */
  public Kernel(Nft nft, Optional<Generation> generation, Optional<KernelEvents> events) {
    this.nft = nft;
    this.tables = new KernelTables(nft);
    this.generation = generation;
    this.events = events;
  }

  /** Returns how many transactions, of anybody, were committed; empty where that is not known. */
  public OptionalLong generation() {
    return generation.map(Generation::now).orElse(OptionalLong.empty());
  }

  private boolean isGone(String table) {
    return generation.filter(questions -> questions.isGone(table)).isPresent();
  }

  /**
   * What the kernel holds of ours.
   *
   * @param live what the table that enforces holds, if it is there and can be read
   */
  public record Held(Tables tables, Optional<NftDump> live) {
    static Held of(Optional<NftDump> live, boolean swap) {
      var table = live.map(dump -> new Tables.Live(dump.digest().hex(), dump.stamp()));
      return new Held(new Tables(table, swap), live);
    }

    /** Returns the same tables with another reading of the live one. */
    public Held with(NftDump dump) {
      return of(Optional.of(dump), tables.swap());
    }
  }

  /** Reads what the kernel holds. A table that cannot be read holds none of our versions. */
  public Held look() throws NftException {
    if (isGone(NftRenderer.TABLE)) {
      return Held.of(Optional.empty(), !isGone(NftRenderer.SWAP_TABLE));
    }
    var names = tables.names();
    var swap = names.contains(NftRenderer.SWAP_TABLE);
    if (!names.contains(NftRenderer.TABLE)) {
      return Held.of(Optional.empty(), swap);
    }
    try {
      return Held.of(tables.live(), swap);
    } catch (UnreadableException e) {
      LOG.debug("the table is of another program", e);
      return new Held(new Tables(Optional.of(Tables.Live.UNREADABLE), swap), Optional.empty());
    }
  }

  /**
   * Changes the table that enforces by one transaction.
   *
   * @throws NftException when the kernel refused it; nothing was changed
   */
  public void run(List<Edit> edits) throws NftException {
    unnoticed(() -> nft.run(EditRenderer.text(NftRenderer.TABLE, edits)));
  }

  /**
   * Runs the steps of a plan as they are.
   *
   * @throws NftException when a step was refused
   */
  public void carryOut(Plan plan) throws NftException {
    carryOut(plan, StepEdits.NONE);
  }

  /**
   * Runs the steps of a plan.
   *
   * @param completing what is added to each step
   * @throws NftException when a step was refused; what was enforced before still is, and it alone
   *     unless undoing failed too
   */
  public void carryOut(Plan plan, StepEdits completing) throws NftException {
    unnoticed(() -> runSteps(plan, completing));
  }

  private interface Transactions {
    void run() throws NftException;
  }

  private void unnoticed(Transactions transactions) throws NftException {
    events.ifPresent(KernelEvents::pauseTables);
    try {
      transactions.run();
    } finally {
      events.ifPresent(KernelEvents::resumeTables);
    }
  }

  private void runSteps(Plan plan, StepEdits completing) throws NftException {
    for (var i = 0; i < plan.steps().size(); i++) {
      var step = plan.steps().get(i);
      try {
        nft.run(step.with(completing.before(step.name())).transaction());
        completing.committed(step.name());
      } catch (NftException e) {
        if (i > 0) {
          undo(plan, e);
        }
        throw new NftException(step.name() + ": " + e.getMessage(), e);
      }
    }
  }

  private void undo(Plan plan, NftException cause) {
    if (plan.undo().isEmpty()) {
      return;
    }
    try {
      nft.run(plan.undo().get().transaction());
    } catch (NftException e) {
      LOG.warn("the swap table of a failed change stays beside the live table: {}", e.getMessage());
      cause.addSuppressed(e);
    }
  }

  /** Returns why the kernel would refuse these rules, if it would. Nothing is changed. */
  public Optional<String> refusal(RuleSet rules) {
    try {
      nft.check(NftRenderer.replace(rules, NftRenderer.SWAP_TABLE));
      return Optional.empty();
    } catch (NftException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** Returns the release of nft or of its library. */
  public String nftVersion() throws NftException {
    if (version.isEmpty()) {
      version = Optional.of(tables.version());
    }
    return version.get();
  }

  /** Returns how nft is called: {@code library} or {@code program}. */
  public String way() {
    return nft.way();
  }
}
