package io.portcullis.agent.kernel;

import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.StepName;
import io.portcullis.agent.program.Tables;
import io.portcullis.nft.CutMark;
import io.portcullis.nft.Edit;
import io.portcullis.nft.EditRenderer;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.RetiredCounters;
import io.portcullis.ruleset.RuleSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kernel as the agent's loop sees it: what it holds, and plans carried out. */
public final class Kernel {
  private static final Logger LOG = LoggerFactory.getLogger(Kernel.class);

  private final Nft nft;
  private final KernelTables tables;
  private final Optional<Generation> generation;
  private final Carry carry;
  private final int samples;
  private final CutMark mark;
  private Optional<SortedSet<String>> links = Optional.empty();
  private final GuardLeaseClock guard = new GuardLeaseClock();
  private Optional<String> version = Optional.empty();

  /** Where the kernel's generation is not known. */
  public Kernel(Nft nft) {
    this(nft, Optional.empty());
  }

  /**
   * Where nobody asks for counts.
   *
   * @param generation in the same network namespace, where it can be asked
   */
  public Kernel(Nft nft, Optional<Generation> generation) {
    this(nft, generation, Carry.NOTHING, 0, CutMark.DEFAULT);
  }

  /**
   * @param generation in the same network namespace, where it can be asked
   * @param carry what is to be carried over changes; it is closed by who made it
   * @param samples packets a second that are told to the kernel's log when they are denied
   * @param mark of connections that are cut
   */
  public Kernel(Nft nft, Optional<Generation> generation, Carry carry, int samples, CutMark mark) {
    this.mark = mark;
    this.carry = carry;
    this.samples = samples;
    this.nft = nft;
    this.tables = new KernelTables(nft);
    this.generation = generation;
  }

  /** What rules have counted, carried over the changes of a table. */
  public interface Carry {
    /** For a table whose counts nobody asks for. */
    Carry NOTHING =
        new Carry() {
          @Override
          public void found(RetiredCounters left) {}

          @Override
          public void between(RuleSet before, RuleSet after) {}

          @Override
          public String with(StepName step) {
            return "";
          }

          @Override
          public void committed(StepName step) {}
        };

    /** The table was there at the start. */
    void found(RetiredCounters left);

    /** The next plan makes the one of the other. */
    void between(RuleSet before, RuleSet after);

    /** What goes into the transaction of that step, which is run next. */
    String with(StepName step);

    /** It is in the kernel. */
    void committed(StepName step);
  }

  /** Where the next plan comes from and leads to. */
  public void changing(RuleSet before, RuleSet after) {
    carry.between(before, after);
  }

  /**
   * The table of an agent before this one goes on.
   *
   * @return how many transactions that took
   */
  public int takeOver(NftDump left) throws NftException {
    carry.found(left.retired());
    nft.run(sample());
    return 1;
  }

  private String sample() {
    return EditRenderer.text(NftRenderer.TABLE, List.of(new Edit.SetSampleRate(samples)));
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

  /**
   * Lets the table that enforces hold these links of local pods, now and after every plan (T14).
   *
   * @return how many transactions that took
   * @throws NftException when it was refused; they are missed at the next look
   */
  public int hold(SortedSet<String> podLinks) throws NftException {
    if (links.equals(Optional.of(podLinks))) {
      return 0;
    }
    links = Optional.of(podLinks);
    nft.run(held(NftRenderer.TABLE));
    return 1;
  }

  /** What is left of the guard of new pods, now and after every plan (C1); for any thread. */
  public GuardLease guard() {
    return guard.lease();
  }

  /** How long ago the kernel lifted the guard; none while it stands; for any thread. */
  public Optional<Duration> openFor() {
    return guard.openFor();
  }

  /** The table that is made first has the guard from its beginning. */
  public void promise(GuardLease lease) {
    guard.held(lease);
  }

  /**
   * Renews the guard, or takes it away, in the table that enforces.
   *
   * @return how many transactions that took
   * @throws NftException when it was refused; what was left of it goes on
   */
  public int hold(GuardLease lease) throws NftException {
    nft.run(guard.next(NftRenderer.TABLE, lease));
    guard.held(lease);
    return 1;
  }

  private String held(String table) {
    return links
            .map(names -> EditRenderer.text(table, List.of(new Edit.SetPodLinks(names))))
            .orElse("")
        + guard.all(table);
  }

  private String marked(String table) {
    return mark.equals(CutMark.DEFAULT)
        ? ""
        : EditRenderer.text(table, List.of(new Edit.SetCutMark(mark)));
  }

  /** What is read first is believed: an agent before this one found the links. */
  private NftDump expected(NftDump dump) {
    if (links.isEmpty() && dump.links().stream().allMatch(Edit.SetPodLinks::fits)) {
      links = Optional.of(dump.links());
    }
    return dump.expecting(links.orElse(dump.links()), mark);
  }

  /** Reads what it holds. A table that cannot be read is there and holds none of our versions. */
  public Held look() throws NftException {
    var swap = tables.has(NftRenderer.SWAP_TABLE);
    try {
      var live = tables.live().map(this::expected);
      live.map(NftDump::guard).ifPresent(guard::found);
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
  public void carryOut(Plan plan, Consumer<StepName> committed) throws NftException {
    for (var i = 0; i < plan.steps().size(); i++) {
      var step = plan.steps().get(i);
      try {
        nft.run(step.transaction() + localsOf(step) + carry.with(step.name()));
        carry.committed(step.name());
        committed.accept(step.name());
      } catch (NftException e) {
        if (i > 0) {
          undo(plan, e);
        }
        throw new NftException(step.name() + ": " + e.getMessage(), e);
      }
    }
  }

  /** No table that enforces is ever seen without them. */
  private String localsOf(Plan.Step step) {
    return switch (step.name()) {
      case FIRST, REPLACE ->
          held(NftRenderer.TABLE) + marked(NftRenderer.TABLE) + (samples > 0 ? sample() : "");
      case SWAP_IN -> held(NftRenderer.SWAP_TABLE) + marked(NftRenderer.SWAP_TABLE);
      case SWAP_OUT, PREPARE, RESTRICT, OPEN_MEMBERS, OPEN_CHAINS, CLEAN_UP, STAMP -> "";
    };
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
    if (version.isEmpty()) {
      version = Optional.of(tables.version());
    }
    return version.get();
  }

  /** Which way to nft this is. */
  public String way() {
    return nft.way();
  }
}
