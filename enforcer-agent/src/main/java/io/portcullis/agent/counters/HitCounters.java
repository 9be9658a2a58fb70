package io.portcullis.agent.counters;

import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.KernelTables;
import io.portcullis.agent.kernel.Nft;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.kernel.RuleCounters;
import io.portcullis.agent.program.StepName;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.Counter;
import io.portcullis.nft.Edit;
import io.portcullis.nft.EditRenderer;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.RetiredCounters;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.CountedRule;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds up what rules have counted before their chains go: when nothing leads to them any more, so
 * that no packet is missed; where the table is replaced, those of a moment are. What was added up
 * stands in the table itself. The loop's thread uses it; any thread reads {@link #ledger}.
 */
public final class HitCounters implements Kernel.Carry, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HitCounters.class);

  private final Optional<RuleCounters> counters;
  private final Nft nft;
  private final KernelTables tables;
  private final Optional<String> trouble;
  private RuleSet before = RuleSet.EMPTY;
  private RuleSet after = RuleSet.EMPTY;
  private List<IpAddress> moved = List.of();
  private RetiredCounters next = RetiredCounters.EMPTY;
  private volatile RetiredCounters ledger = RetiredCounters.EMPTY;

  private HitCounters(Optional<RuleCounters> counters, Nft nft, Optional<String> trouble) {
    this.counters = counters;
    this.nft = nft;
    this.tables = new KernelTables(nft);
    this.trouble = trouble;
  }

  /**
   * Opens it in the network namespace of the calling thread.
   *
   * @param nft no reader's: a long listing would hold up a version; closed with this
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

  /** Why hits are not added up, if they are not. */
  public Optional<String> trouble() {
    return trouble;
  }

  /** What rules counted that are gone. */
  public RetiredCounters ledger() {
    return ledger;
  }

  @Override
  public void found(RetiredCounters left) {
    ledger = left;
  }

  @Override
  public void between(RuleSet old, RuleSet target) {
    before = old;
    after = target;
    moved =
        target.endpoints().stream()
            .map(Endpoint::ip)
            .filter(ip -> old.endpoint(ip).isPresent() && !isSamePod(ip))
            .toList();
  }

  @Override
  public String with(StepName step) {
    next = ledger;
    return switch (step) {
      case CLEAN_UP -> retired(goneChains());
      case REPLACE -> retired(before.chains().stream().map(Chain::id).toList()) + held() + denied();
      case FIRST -> held();
      case PREPARE, RESTRICT, OPEN_MEMBERS, OPEN_CHAINS, STAMP -> countedAnew();
      case SWAP_IN, SWAP_OUT -> "";
    };
  }

  @Override
  public void committed(StepName step) {
    ledger = next;
    moved = List.of();
  }

  /** An address that is another pod's carries nothing over (C3). */
  private String countedAnew() {
    var edits = new ArrayList<Edit>();
    for (var family : Family.values()) {
      var addresses = moved.stream().filter(ip -> ip.family() == family).toList();
      if (!addresses.isEmpty()) {
        edits.add(new Edit.ResetDeniedCounters(family, addresses));
      }
    }
    return EditRenderer.text(NftRenderer.TABLE, edits);
  }

  private List<ChainId> goneChains() {
    return before.chains().stream().map(Chain::id).filter(id -> after.chain(id).isEmpty()).toList();
  }

  private String retired(List<ChainId> chains) {
    if (chains.isEmpty() || counters.isEmpty()) {
      return "";
    }
    try {
      next = ledger.plus(counted(counters.get().of(chains))).only(keys());
    } catch (NftException e) {
      LOG.warn("what {} chains have counted is lost: {}", chains.size(), e.getMessage());
    }
    return next.equals(ledger) ? "" : held();
  }

  private String held() {
    return next.counts().isEmpty() && ledger.counts().isEmpty()
        ? ""
        : EditRenderer.text(NftRenderer.TABLE, List.of(new Edit.SetRetiredCounters(next)));
  }

  private Map<String, Counter> counted(Map<ChainId, List<Counter>> chains) {
    var sums = new HashMap<String, Counter>();
    chains.forEach(
        (id, counts) ->
            before
                .chain(id)
                .ifPresent(
                    chain -> {
                      for (var i = 0; i < counts.size(); i++) {
                        var counter = counts.get(i);
                        standsFor(chain, i)
                            .ifPresent(rule -> sums.merge(rule.key(), counter, Counter::plus));
                      }
                    }));
    return sums;
  }

  /** After a restart the causes are not known; then the same rule in the next version tells. */
  private Optional<CountedRule> standsFor(Chain chain, int index) {
    return CountedRule.of(chain, index).or(() -> sameInNext(chain, index));
  }

  private Optional<CountedRule> sameInNext(Chain chain, int index) {
    for (var other : after.chains()) {
      if (other.family() != chain.family() || !direction(other, chain)) {
        continue;
      }
      if (index == chain.rules().size()) {
        continue; // ends are all alike
      }
      for (var i = 0; i < other.rules().size(); i++) {
        if (other.rules().get(i).canonical().equals(chain.rules().get(index).canonical())) {
          return CountedRule.of(other, i);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean direction(Chain one, Chain other) {
    return one.id().direction() == other.id().direction();
  }

  /** A rule of no policy that is there counts no more. */
  private Set<String> keys() {
    return PolicyRules.of(after).stream()
        .map(CountedRule::key)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String denied() {
    var edits = new ArrayList<Edit>();
    try {
      tables
          .denied()
          .forEach(
              (from, counts) -> {
                counts.keySet().removeIf(ip -> !isSamePod(ip));
                counts.values().removeIf(Counter.ZERO::equals);
                edits.add(new Edit.SetDeniedCounters(from.direction(), from.family(), counts));
              });
    } catch (NftException e) {
      LOG.warn("what was denied to endpoints is counted anew: {}", e.getMessage());
    }
    return EditRenderer.text(NftRenderer.TABLE, edits);
  }

  /** What was read back from the kernel has no pod's name. */
  private boolean isSamePod(IpAddress ip) {
    var old = before.endpoint(ip).map(endpoint -> endpoint.pod()).orElse("");
    var now = after.endpoint(ip).map(endpoint -> endpoint.pod());
    return now.isPresent() && (old.isEmpty() || now.get().isEmpty() || now.get().equals(old));
  }

  @Override
  public void close() {
    counters.ifPresent(RuleCounters::close);
    nft.close();
  }
}
