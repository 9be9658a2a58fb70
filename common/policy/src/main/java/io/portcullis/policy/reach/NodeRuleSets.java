package io.portcullis.policy.reach;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.rules.PodChains;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.TrafficPath;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rule sets of several nodes as one: the pods, chains and sets of all. */
final class NodeRuleSets {
  private static final Origin UNKNOWN = new Origin("", "", 0, 0);

  final SortedMap<IpAddress, Pod> pods = new TreeMap<>();
  final Map<IpAddress, PodChains> chains = new HashMap<>();
  final Map<SetId, SetContent> sets = new HashMap<>();
  private final Map<List<Optional<ChainId>>, PodChains> shared = new HashMap<>();

  /**
   * Puts rule sets together.
   *
   * @param nodes the rule set of each node
   * @throws IllegalArgumentException when two nodes claim an address, or hold other members of a
   *     set, so that they are not of one state
   */
  NodeRuleSets(Map<String, RuleSet> nodes) {
    nodes.forEach(this::add);
  }

  private void add(String node, RuleSet rules) {
    for (var set : rules.sets()) {
      var other = sets.putIfAbsent(set.id(), set);
      if (other != null && !other.elements().equals(set.elements())) {
        throw new IllegalArgumentException(
            "node " + node + " holds other members of the set " + set.id() + " than another node");
      }
    }
    rules.endpoints().forEach(endpoint -> add(node, rules, endpoint));
  }

  private void add(String node, RuleSet rules, Endpoint endpoint) {
    var other = pods.put(endpoint.ip(), pod(node, endpoint));
    if (other != null) {
      throw new IllegalArgumentException(
          "nodes %s and %s both have the endpoint %s".formatted(other.node(), node, endpoint.ip()));
    }
    var paths = Arrays.stream(TrafficPath.values()).map(endpoint::chain).toList();
    chains.put(endpoint.ip(), shared.computeIfAbsent(paths, _ -> PodChains.of(endpoint, rules)));
  }

  private static Pod pod(String node, Endpoint endpoint) {
    var slash = endpoint.pod().indexOf('/');
    return new Pod(
        ObjectKey.pod(
            endpoint.pod().substring(0, Math.max(0, slash)), endpoint.pod().substring(slash + 1)),
        UNKNOWN,
        Map.of(),
        node,
        List.of(endpoint.ip()),
        false,
        false,
        0,
        List.of());
  }

  /** Returns the addresses that sets name and that are no endpoint's, such as those of nodes. */
  SortedSet<IpAddress> others() {
    var others = new TreeSet<IpAddress>();
    for (var set : sets.values()) {
      for (var element : set.elements()) {
        switch (element) {
          case Element.Host(var address) -> others.add(address);
          case Element.HostPort member -> others.add(member.address());
          case Element.Network _ -> {} // no single address
        }
      }
    }
    others.removeAll(pods.keySet());
    return others;
  }
}
