package io.portcullis.agent.counters;

import io.portcullis.agent.counters.Counts.Denied;
import io.portcullis.agent.kernel.KernelTables;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.kernel.RuleCounters;
import io.portcullis.nft.Counter;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.RetiredCounters;
import io.portcullis.ruleset.CountedRule;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads counters when somebody asks. It shares nothing with the loop that could hold up a version.
 * Any thread uses it.
 */
public final class CountReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CountReader.class);
  private static final int MOST_READINGS = 3;

  private final Optional<RuleCounters> counters;
  private final KernelTables tables;
  private final Supplier<RetiredCounters> retired;

  private CountReader(
      Optional<RuleCounters> counters, KernelTables tables, Supplier<RetiredCounters> retired) {
    this.counters = counters;
    this.tables = tables;
    this.retired = retired;
  }

  /**
   * Opens it in the network namespace of the calling thread.
   *
   * @param tables that only readers use
   * @param retired returns what rules have counted whose chains are gone
   */
  public static CountReader open(KernelTables tables, Supplier<RetiredCounters> retired) {
    Optional<RuleCounters> counters = Optional.empty();
    try {
      counters = Optional.of(RuleCounters.open());
    } catch (IOException e) {
      LOG.warn("rules' counters are read from listings of the table: {}", e.getMessage());
    }
    return new CountReader(counters, tables, retired);
  }

  /**
   * Returns what was counted until now.
   *
   * @param rules in force, with their causes
   * @throws NftException when the kernel does not tell
   */
  public Counts read(RuleSet rules) throws NftException {
    for (var readings = 1; ; readings++) {
      var gone = retired.get();
      var chains = chains();
      if (gone == retired.get() || readings == MOST_READINGS) { // else some counts twice, or never
        return new Counts(chains, hits(rules, chains, gone), denied(rules));
      }
    }
  }

  private Map<String, List<Counter>> chains() throws NftException {
    if (counters.isEmpty()) {
      return tables.live().<Map<String, List<Counter>>>map(NftDump::counters).orElse(Map.of());
    }
    var chains = new HashMap<String, List<Counter>>();
    counters.get().all().forEach((id, counts) -> chains.put("chain/" + id, counts));
    return chains;
  }

  private static SortedMap<CountedRule, Counter> hits(
      RuleSet rules, Map<String, List<Counter>> chains, RetiredCounters gone) {
    var hits = new TreeMap<CountedRule, Counter>();
    for (var chain : rules.chains()) {
      var counts = chains.getOrDefault(chain.key(), List.of());
      for (var i = 0; i <= chain.rules().size(); i++) {
        var counter = i < counts.size() ? counts.get(i) : Counter.ZERO;
        CountedRule.of(chain, i).ifPresent(rule -> hits.merge(rule, counter, Counter::plus));
      }
    }
    hits.replaceAll((rule, counter) -> counter.plus(gone.of(rule.key())));
    return hits;
  }

  private List<Denied> denied(RuleSet rules) throws NftException {
    var denied = new ArrayList<Denied>();
    for (var set : tables.denied().entrySet()) {
      set.getValue()
          .forEach(
              (ip, counter) -> {
                var pod = rules.endpoint(ip).map(Endpoint::pod).orElse("");
                denied.add(new Denied(ip, pod, set.getKey().direction(), counter));
              });
    }
    return denied;
  }

  @Override
  public void close() {
    counters.ifPresent(RuleCounters::close);
  }
}
