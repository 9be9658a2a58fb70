package io.portcullis.policy.rules;

import io.portcullis.net.IpAddress;
import io.portcullis.policy.rules.PolicyProfile.Paths;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one node needs: its endpoints, and by them chains and sets. */
public final class NodeRules {
  final String name;

  /** Among all nodes; of one that is gone another gets it. */
  final int number;

  private final Map<IpAddress, Local> locals = new HashMap<>();

  /** With how many endpoints each has; several of one id stand for different policies. */
  private final Map<ChainId, Map<LiveChain, Integer>> chains = new HashMap<>();

  /** With how many of the chains use each. */
  private final Map<LiveSet, Integer> sets = new HashMap<>();

  /** Disjoint, and none adjoins another. */
  private List<PodCidr> podCidrs = List.of();

  /** As it was when it was last asked for, and what is not in it yet. */
  private Optional<RuleSet> rules = Optional.empty();

  private final Set<IpAddress> changedEndpoints = new HashSet<>();
  private final Set<ChainId> changedChains = new HashSet<>();
  private final Set<SetId> goneSets = new HashSet<>();

  /** An endpoint, and all chains that it needs. */
  record Local(Endpoint endpoint, Paths paths) {}

  NodeRules(String name, int number) {
    this.name = name;
    this.number = number;
  }

  boolean isEmpty() {
    return locals.isEmpty() && podCidrs.isEmpty();
  }

  Optional<Local> local(IpAddress address) {
    return Optional.ofNullable(locals.get(address));
  }

  /** The networks of its pods; tells whether they were others. */
  boolean take(List<PodCidr> cidrs) {
    var isNew = !podCidrs.equals(cidrs);
    podCidrs = cidrs;
    return isNew;
  }

  /** An endpoint comes or changes. */
  void put(IpAddress address, Local local) {
    local.paths().chains().forEach(this::use);
    Optional.ofNullable(locals.put(address, local))
        .ifPresent(before -> before.paths().chains().forEach(this::leave));
    changed(changedEndpoints, address);
  }

  /** An endpoint goes, if it is there. */
  void remove(IpAddress address) {
    Optional.ofNullable(locals.remove(address))
        .ifPresent(before -> before.paths().chains().forEach(this::leave));
    changed(changedEndpoints, address);
  }

  private void use(LiveChain chain) {
    var all = chains.computeIfAbsent(chain.chain.id(), _ -> new HashMap<>(2));
    if (all.merge(chain, 1, Integer::sum) == 1) {
      changed(changedChains, chain.chain.id());
      for (var set : chain.sets) {
        if (sets.merge(set, 1, Integer::sum) == 1) {
          set.join(number);
        }
      }
    }
  }

  private void leave(LiveChain chain) {
    var all = chains.get(chain.chain.id());
    if (all.merge(chain, -1, Integer::sum) > 0) {
      return;
    }
    all.remove(chain);
    if (all.isEmpty()) {
      chains.remove(chain.chain.id());
    }
    changed(changedChains, chain.chain.id());
    for (var set : chain.sets) {
      if (sets.merge(set, -1, Integer::sum) == 0) {
        sets.remove(set);
        set.leave(number);
        changed(goneSets, set.id());
      }
    }
  }

  /** Who was never asked for, or by nobody of this process, remembers nothing. */
  private <K> void changed(Set<K> among, K key) {
    if (rules.isPresent()) {
      among.add(key);
    }
  }

  /** The wide sets that belong to its rule set. */
  List<SetContent> wide() {
    return sets.keySet().stream()
        .filter(set -> set.wide)
        .map(set -> set.content)
        .sorted(Comparator.comparing(SetContent::id))
        .toList();
  }

  /**
   * The rule set of the present moment without wide sets; it costs what changed since the last one.
   */
  RuleSet rules() {
    var now = rules.map(this::changed).orElseGet(this::all);
    rules = Optional.of(now);
    changedEndpoints.clear();
    changedChains.clear();
    goneSets.clear();
    return now;
  }

  private RuleSet all() {
    var records = new ArrayList<NodeRecord>();
    locals.values().forEach(local -> records.add(local.endpoint()));
    chains.values().forEach(all -> records.add(united(all)));
    records.addAll(podCidrs);
    return RuleSet.of(
        records, sets.keySet().stream().filter(set -> !set.wide).map(set -> set.content).toList());
  }

  private RuleSet changed(RuleSet before) {
    var edit = before.edit();
    for (var address : changedEndpoints) {
      local(address)
          .ifPresentOrElse(local -> edit.put(local.endpoint()), () -> edit.remove(address));
    }
    for (var id : changedChains) {
      Optional.ofNullable(chains.get(id))
          .ifPresentOrElse(all -> edit.put(united(all)), () -> edit.remove(id));
    }
    goneSets.forEach(edit::remove);
    if (!Set.copyOf(before.podCidrs()).equals(Set.copyOf(podCidrs))) {
      before.podCidrs().forEach(gone -> edit.remove(gone.range()));
      podCidrs.forEach(edit::put);
    }
    for (var set : sets.keySet()) {
      if (set.wide) {
        edit.remove(set.id());
      } else if (before.set(set.id()).filter(held -> held == set.content).isEmpty()
          || goneSets.contains(set.id())) {
        edit.put(set.content);
      }
    }
    return edit.done();
  }

  /** Chains of other policies with the same content are one chain, which stands for all. */
  private static Chain united(Map<LiveChain, Integer> all) {
    return Chain.united(all.keySet().stream().map(live -> live.chain).toList());
  }
}
