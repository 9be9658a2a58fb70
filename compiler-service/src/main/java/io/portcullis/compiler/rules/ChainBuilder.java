package io.portcullis.compiler.rules;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.net.Family;
import io.portcullis.net.IpRange;
import io.portcullis.net.PortRange;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.SetId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The chain of pods under the same policies: per port specification one rule over the union of the
 * peers, then drop (N3).
 */
final class ChainBuilder {
  private final Direction direction;
  private final Family family;
  private final List<ContainerPort> subjectPorts;
  private final Map<String, Union> byPorts = new TreeMap<>();
  private final SortedSet<NamedPeers> named = new TreeSet<>();
  private final SortedSet<String> namedCauses = new TreeSet<>();

  /** All peers of one port specification. */
  private static final class Union {
    final Ports ports;
    final SortedSet<PeerPods> pods = new TreeSet<>();
    final List<IpRange> networks = new ArrayList<>();
    final SortedSet<String> everyoneCauses = new TreeSet<>();
    final SortedSet<String> podCauses = new TreeSet<>();
    final SortedSet<String> networkCauses = new TreeSet<>();

    Union(Ports ports) {
      this.ports = ports;
    }
  }

  ChainBuilder(Direction direction, Family family, List<ContainerPort> subjectPorts) {
    this.direction = direction;
    this.family = family;
    this.subjectPorts = subjectPorts;
  }

  /** A chain with the definitions of the sets that it uses. */
  record Built(Chain chain, List<SetDefinition> sets) {}

  Built build(List<NetworkPolicy> policies) {
    for (var policy : policies) {
      var rules = policy.rules(direction);
      for (var i = 0; i < rules.size(); i++) {
        add(policy, rules.get(i), policy.key().display() + "#" + i);
      }
    }
    var sets = new ArrayList<SetDefinition>();
    var rules = new ArrayList<Rule>();
    for (var union : byPorts.values()) {
      if (!union.everyoneCauses.isEmpty()) {
        var causes = new TreeSet<>(union.everyoneCauses);
        causes.addAll(union.podCauses);
        causes.addAll(union.networkCauses);
        rules.add(rule(Optional.empty(), union.ports, causes));
        continue;
      }
      if (!union.pods.isEmpty()) {
        var set = SetDefinition.hosts(family, union.pods);
        sets.add(set);
        rules.add(rule(Optional.of(set.id()), union.ports, union.podCauses));
      }
      if (!union.networks.isEmpty()) {
        var set = SetDefinition.networks(family, IpRange.merge(union.networks));
        sets.add(set);
        rules.add(rule(Optional.of(set.id()), union.ports, union.networkCauses));
      }
    }
    if (!named.isEmpty()) {
      var set = SetDefinition.hostPorts(family, named);
      sets.add(set);
      rules.add(rule(Optional.of(set.id()), Ports.ANY, namedCauses));
    }
    return new Built(Chain.of(direction, family, rules, Action.DENY), List.copyOf(sets)); // N4
  }

  private static Rule rule(Optional<SetId> peers, Ports ports, SortedSet<String> causes) {
    return new Rule(peers, ports, Action.ACCEPT, List.copyOf(causes));
  }

  private void add(NetworkPolicy policy, PolicyRule rule, String cause) {
    if (rule.ports().isEmpty()) { // N5
      addPeers(policy, rule, Ports.ANY, cause);
      return;
    }
    var ranges = new ArrayList<PortRange>();
    for (var spec : rule.ports().get()) {
      switch (spec) {
        case PortSpec.Numbered(var range) -> ranges.add(range); // N8
        case PortSpec.Named name -> {
          switch (direction) { // N9
            case INGRESS ->
                subjectPorts.stream()
                    .filter(p -> p.name().equals(name.name()) && p.protocol() == name.protocol())
                    .forEach(p -> ranges.add(PortRange.of(p.protocol(), p.number())));
            case EGRESS -> addNamed(policy, rule, name, cause);
          }
        }
      }
    }
    if (!ranges.isEmpty()) { // L4: an empty list matches nothing
      addPeers(policy, rule, Ports.of(ranges), cause);
    }
  }

  private void addPeers(NetworkPolicy policy, PolicyRule rule, Ports ports, String cause) {
    var union = byPorts.computeIfAbsent(ports.ranges().toString(), _ -> new Union(ports));
    if (rule.peers().isEmpty()) { // N5
      union.everyoneCauses.add(cause);
      return;
    }
    for (var peer : rule.peers().get()) {
      switch (peer) {
        case Peer.Pods pods -> {
          union.pods.add(PeerPods.of(pods, policy.key().namespace())); // N6
          union.podCauses.add(cause);
        }
        case Peer.Block(var cidr, var except) -> { // N7
          if (cidr.family() == family) {
            union.networks.addAll(
                cidr.range().minus(except.stream().map(hole -> hole.range()).toList()));
            union.networkCauses.add(cause);
          }
        }
      }
    }
  }

  private void addNamed(NetworkPolicy policy, PolicyRule rule, PortSpec.Named name, String cause) {
    var peers =
        rule.peers()
            .map(
                list ->
                    list.stream()
                        .<PeerPods>mapMulti(
                            (peer, sink) -> {
                              if (peer instanceof Peer.Pods pods) { // N9: not with ipBlock
                                sink.accept(PeerPods.of(pods, policy.key().namespace()));
                              }
                            })
                        .toList())
            .orElse(List.of(PeerPods.ALL));
    for (var pods : peers) {
      named.add(new NamedPeers(pods, name));
      namedCauses.add(cause);
    }
  }
}
