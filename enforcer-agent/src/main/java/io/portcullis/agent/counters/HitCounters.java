package io.portcullis.agent.counters;

import io.portcullis.agent.kernel.KernelTables;
import io.portcullis.agent.kernel.Nft;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.kernel.RuleCounters;
import io.portcullis.agent.program.CounterEdits;
import io.portcullis.agent.program.StepName;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.Counter;
import io.portcullis.nft.Edit;
import io.portcullis.nft.RetiredCounters;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds up what rules have counted before their chains are removed. That happens when nothing leads
 * to the chains any more, so that no packet is missed; where the whole table is replaced, the
 * packets of a moment are. The sums stand in the table itself. The loop's thread uses it; any
 * thread reads {@link #retired}.
 */
public final class HitCounters implements CounterEdits, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HitCounters.class);

  private final Optional<RuleCounters> counters;
  private final Nft nft;
  private final KernelTables tables;
  private final Optional<String> trouble;
  private CountedChange change = CountedChange.NONE;
  private List<IpAddress> moved = List.of();
  private RetiredCounters next = RetiredCounters.EMPTY;
  private volatile RetiredCounters retired = RetiredCounters.EMPTY;

  private HitCounters(Optional<RuleCounters> counters, Nft nft, Optional<String> trouble) {
    this.counters = counters;
    this.nft = nft;
    this.tables = new KernelTables(nft);
    this.trouble = trouble;
  }

  /**
   * Opens it in the network namespace of the calling thread.
   *
   * @param nft that no reader uses, as a long listing would hold up a version; closed with this
   */
  public static HitCounters open(Nft nft) {
    try {
      return new HitCounters(Optional.of(RuleCounters.open()), nft, Optional.empty());
    } catch (IOException e) {
      return new HitCounters(
          Optional.empty(),
          nft,
          Optional.of("hits of rules start anew with each change of a chain: " + e.getMessage()));
    }
  }

  /** Returns why hits are not added up, if they are not. */
  public Optional<String> trouble() {
    return trouble;
  }

  /** Returns what rules have counted whose chains are gone. */
  public RetiredCounters retired() {
    return retired;
  }

  @Override
  public void found(RetiredCounters left) {
    retired = left;
  }

  @Override
  public void between(RuleSet before, RuleSet after) {
    change = new CountedChange(before, after);
    moved = change.moved();
  }

  @Override
  public List<Edit> before(StepName step) {
    next = retired;
    return switch (step) {
      case CLEAN_UP -> retire(change.goneChains()) ? held() : List.of();
      case REPLACE -> {
        retire(change.chains());
        var edits = new ArrayList<>(held());
        edits.addAll(denied());
        yield edits;
      }
      case FIRST -> held();
      case PREPARE, RESTRICT, OPEN_MEMBERS, OPEN_CHAINS, STAMP -> countAnew();
      case SWAP_IN, SWAP_OUT -> List.of();
    };
  }

  @Override
  public void committed(StepName step) {
    retired = next;
    moved = List.of();
  }

  /** Lets an address that is another pod's now carry nothing over (C3). */
  private List<Edit> countAnew() {
    var edits = new ArrayList<Edit>();
    for (var family : Family.values()) {
      var addresses = moved.stream().filter(ip -> ip.family() == family).toList();
      if (!addresses.isEmpty()) {
        edits.add(new Edit.ResetDeniedCounters(family, addresses));
      }
    }
    return edits;
  }

  /** Adds up what these chains have counted; returns whether that changes the sums. */
  private boolean retire(List<ChainId> chains) {
    if (chains.isEmpty() || counters.isEmpty()) {
      return false;
    }
    try {
      var sums = change.sums(counters.get().of(chains));
      next = retired.plus(sums).only(change.keys()); // a rule of no present policy counts no more
    } catch (NftException e) {
      LOG.warn("what {} chains have counted is lost: {}", chains.size(), e.getMessage());
    }
    return !next.equals(retired);
  }

  private List<Edit> held() {
    return next.counts().isEmpty() && retired.counts().isEmpty()
        ? List.of()
        : List.of(new Edit.SetRetiredCounters(next));
  }

  private List<Edit> denied() {
    var edits = new ArrayList<Edit>();
    try {
      tables
          .denied()
          .forEach(
              (from, counts) -> {
                counts.keySet().removeIf(ip -> !change.isSamePod(ip));
                counts.values().removeIf(Counter.ZERO::equals);
                edits.add(new Edit.SetDeniedCounters(from.direction(), from.family(), counts));
              });
    } catch (NftException e) {
      LOG.warn("what was denied to endpoints is counted anew: {}", e.getMessage());
    }
    return edits;
  }

  @Override
  public void close() {
    counters.ifPresent(RuleCounters::close);
    nft.close();
  }
}
