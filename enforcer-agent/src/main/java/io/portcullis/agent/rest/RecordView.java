package io.portcullis.agent.rest;

import io.portcullis.net.Family;
import io.portcullis.nft.Counter;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A record as the endpoints show it. Two records with the same key and canonical text hold the same
 * in the kernel.
 */
sealed interface RecordView {

  /** A set or a member of a set; pod CIDRs are members of a set that every table has. */
  record SetView(String key, String canonical, Optional<String> definition) implements RecordView {}

  /** A chain with its rules, and with what happens when no rule matches. */
  record ChainView(
      String key,
      String canonical,
      Family family,
      List<String> policies,
      List<RuleView> rules,
      EndView end)
      implements RecordView {}

  /** A rule of a chain, and how often it matched. */
  record RuleView(
      Optional<SetId> peers,
      Ports ports,
      Action action,
      List<String> causes,
      long packets,
      long bytes) {}

  /** The end of a chain, and how often it was reached. */
  record EndView(Action action, long packets, long bytes) {}

  /** The address of a local pod. */
  record EndpointView(
      String key,
      String canonical,
      Optional<String> pod,
      Optional<ChainId> ingress,
      Optional<ChainId> egress,
      Optional<ChainId> toOwnNode)
      implements RecordView {}

  /** All records by key, in order. */
  static List<RecordView> of(RuleSet rules, Map<String, List<Counter>> counters) {
    var views = new ArrayList<RecordView>();
    for (var item : rules.records().values()) {
      views.add(of(item, counters.getOrDefault(item.key(), List.of())));
    }
    return views;
  }

  private static RecordView of(NodeRecord item, List<Counter> counters) {
    var key = item.key();
    var canonical = item.canonical();
    return switch (item) {
      case AddressSet(_, var definition) -> new SetView(key, canonical, unlessBlank(definition));
      case Member _, PodCidr _ -> new SetView(key, canonical, Optional.empty());
      case Chain chain -> chain(chain, counters);
      case Endpoint(_, var pod, var ingress, var egress, var toOwnNode) ->
          new EndpointView(key, canonical, unlessBlank(pod), ingress, egress, toOwnNode);
    };
  }

  private static Optional<String> unlessBlank(String text) {
    return Optional.of(text).filter(t -> !t.isBlank());
  }

  private static ChainView chain(Chain chain, List<Counter> counters) {
    var rules = new ArrayList<RuleView>();
    for (var i = 0; i < chain.rules().size(); i++) {
      var rule = chain.rules().get(i);
      var counter = counter(counters, i);
      rules.add(
          new RuleView(
              rule.peers(),
              rule.ports(),
              rule.action(),
              rule.causes(),
              counter.packets(),
              counter.bytes()));
    }
    var end = counter(counters, chain.rules().size());
    return new ChainView(
        chain.key(),
        chain.canonical(),
        chain.family(),
        chain.policies(),
        rules,
        new EndView(chain.end(), end.packets(), end.bytes()));
  }

  private static Counter counter(List<Counter> counters, int index) {
    return index < counters.size() ? counters.get(index) : Counter.ZERO;
  }
}
