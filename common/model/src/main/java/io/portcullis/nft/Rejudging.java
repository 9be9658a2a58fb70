package io.portcullis.nft;

import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a table needs to judge the live connections of some endpoints again (C2): twins of their
 * chains, and entries that lead to these.
 *
 * @param narrowed the endpoints
 * @param rules that the table holds
 */
public record Rejudging(SortedSet<IpAddress> narrowed, RuleSet rules) {
  public Rejudging {
    narrowed = Collections.unmodifiableSortedSet(new TreeSet<>(narrowed));
  }

  /** Returns the chain that decides on that path for each narrowed endpoint that has one. */
  public SortedMap<IpAddress, ChainId> entries(TrafficPath path) {
    var entries = new TreeMap<IpAddress, ChainId>();
    for (var ip : narrowed) {
      rules
          .endpoint(ip)
          .flatMap(endpoint -> endpoint.chain(path))
          .ifPresent(chain -> entries.put(ip, chain));
    }
    return entries;
  }

  /** Returns the chains that need a twin: those of the entries, and those that they lead to. */
  public SortedMap<ChainId, Chain> twins() {
    var found = new TreeMap<ChainId, Chain>();
    for (var path : TrafficPath.values()) {
      entries(path).values().forEach(chain -> add(chain, found));
    }
    return found;
  }

  private void add(ChainId id, SortedMap<ChainId, Chain> found) {
    var chain = rules.chain(id);
    if (chain.isEmpty() || found.putIfAbsent(id, chain.get()) != null) {
      return;
    }
    chain.get().rules().forEach(rule -> addNext(rule.action(), found));
    addNext(chain.get().end(), found);
  }

  private void addNext(Action action, SortedMap<ChainId, Chain> found) {
    switch (action) {
      case Action.Accept _, Action.Deny _ -> {}
      case Action.Continue(var next) -> add(next, found);
    }
  }
}
