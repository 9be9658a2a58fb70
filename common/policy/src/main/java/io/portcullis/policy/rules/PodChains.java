package io.portcullis.policy.rules;

import io.portcullis.policy.rules.PolicyProfile.Paths;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.TrafficPath;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The chains that decide the traffic of a pod. They stand for the policies of this pod alone, while
 * a node's rule set unites equal chains of several pods.
 */
public final class PodChains {
  private final Optional<ChainId> ingress;
  private final Optional<ChainId> egress;
  private final Optional<ChainId> toOwnNode;
  private final Map<ChainId, Chain> chains;
  private final Set<SetId> sets;

  private PodChains(
      Optional<ChainId> ingress,
      Optional<ChainId> egress,
      Optional<ChainId> toOwnNode,
      Map<ChainId, Chain> chains) {
    this.ingress = ingress;
    this.egress = egress;
    this.toOwnNode = toOwnNode;
    this.chains = Map.copyOf(chains);
    this.sets =
        chains.values().stream()
            .flatMap(chain -> chain.rules().stream())
            .flatMap(rule -> rule.peers().stream())
            .collect(Collectors.toUnmodifiableSet());
  }

  static PodChains of(Paths paths) {
    var chains = new HashMap<ChainId, Chain>();
    paths.chains().forEach(live -> chains.put(live.chain.id(), live.chain));
    return new PodChains(paths.ingress(), paths.egress(), paths.toOwnNode(), chains);
  }

  /** Returns the chains of an endpoint, as a node's rule set has them. */
  public static PodChains of(Endpoint endpoint, RuleSet rules) {
    var chains = new HashMap<ChainId, Chain>();
    for (var path : TrafficPath.values()) {
      endpoint.chain(path).ifPresent(id -> addReachable(id, rules, chains));
    }
    return new PodChains(
        endpoint.chain(TrafficPath.INGRESS),
        endpoint.chain(TrafficPath.EGRESS),
        endpoint.chain(TrafficPath.TO_OWN_NODE),
        chains);
  }

  private static void addReachable(ChainId id, RuleSet rules, Map<ChainId, Chain> chains) {
    var chain =
        rules
            .chain(id)
            .orElseThrow(() -> new IllegalArgumentException("the rule set has no chain " + id));
    if (chains.put(id, chain) == null) {
      Stream.concat(chain.rules().stream().map(Rule::action), Stream.of(chain.end()))
          .forEach(
              action -> {
                if (action instanceof Action.Continue(var next)) {
                  addReachable(next, rules, chains);
                }
              });
    }
  }

  /** Returns the first chain of a path; absent where no policy touches it. */
  public Optional<Chain> first(TrafficPath path) {
    var first =
        switch (path) {
          case INGRESS -> ingress;
          case EGRESS -> egress;
          case TO_OWN_NODE -> toOwnNode;
        };
    return first.map(this::chain);
  }

  /** Returns the chain that another one leads to. */
  public Chain chain(ChainId id) {
    return Optional.ofNullable(chains.get(id))
        .orElseThrow(() -> new IllegalArgumentException("there is no chain " + id));
  }

  /** Returns every chain once, in no order. */
  public Collection<Chain> all() {
    return chains.values();
  }

  /** Returns the sets that rules of the chains use. */
  public Set<SetId> sets() {
    return sets;
  }
}
