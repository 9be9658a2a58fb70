package io.portcullis.agent.kernel;

import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.Tables;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.RuleSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kernel as the agent's loop sees it: what it holds, and plans carried out. */
public final class Kernel {
  private static final Logger LOG = LoggerFactory.getLogger(Kernel.class);

  private final Nft nft;
  private final KernelTables tables;
  private final Optional<Generation> generation;

  /** Where the kernel's generation is not known. */
  public Kernel(Nft nft) {
    this(nft, Optional.empty());
  }

  /**
   * @param generation in the same network namespace, where it can be asked
   */
  public Kernel(Nft nft, Optional<Generation> generation) {
    this.nft = nft;
    this.tables = new KernelTables(nft);
    this.generation = generation;
  }

  /** How many transactions, of anybody, the kernel has committed, where that is known. */
  public OptionalLong generation() {
    return generation.map(Generation::now).orElse(OptionalLong.empty());
  }

  /**
   * What the kernel holds.
   *
   * @param live what the table that enforces holds, if it is there and can be read
   */
  public record Held(Tables tables, Optional<NftDump> live) {}

  /** Reads what it holds. A table that cannot be read is there and holds none of our versions. */
  public Held look() throws NftException {
    var swap = tables.has(NftRenderer.SWAP_TABLE);
    try {
      var live = tables.live();
      return new Held(
          new Tables(live.map(dump -> new Tables.Live(dump.digest().hex(), dump.stamp())), swap),
          live);
    } catch (UnreadableException e) {
      LOG.debug("somebody else's", e);
      return new Held(new Tables(Optional.of(Tables.Live.UNREADABLE), swap), Optional.empty());
    }
  }

  /**
   * Runs the steps of a plan.
   *
   * @throws NftException when a step was refused; what was enforced before still is, alone unless
   *     undoing failed too
   */
  public void carryOut(Plan plan) throws NftException {
    carryOut(plan, _ -> {});
  }

  /**
   * The same.
   *
   * @param committed is told each step when the kernel has it
   */
  public void carryOut(Plan plan, Consumer<Plan.Name> committed) throws NftException {
    for (var i = 0; i < plan.steps().size(); i++) {
      var step = plan.steps().get(i);
      try {
        nft.run(step.transaction());
        committed.accept(step.name());
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
      LOG.warn("the table of a change that failed stays beside the live one: {}", e.getMessage());
      cause.addSuppressed(e);
    }
  }

  /** Why it would refuse these rules, if it would; nothing is changed. */
  public Optional<String> refusal(RuleSet rules) {
    try {
      nft.check(NftRenderer.replace(rules, NftRenderer.SWAP_TABLE));
      return Optional.empty();
    } catch (NftException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** The release of nft or of its library. */
  public String nftVersion() throws NftException {
    return tables.version();
  }

  /** Which way to nft this is. */
  public String way() {
    return nft.way();
  }
}
