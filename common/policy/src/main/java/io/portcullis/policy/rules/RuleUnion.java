package io.portcullis.policy.rules;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.net.Family;
import io.portcullis.net.IpRange;
import io.portcullis.net.PortRange;
import io.portcullis.policy.grouping.HostPeers;
import io.portcullis.policy.grouping.NamedPeers;
import io.portcullis.policy.grouping.PeerNodes;
import io.portcullis.policy.grouping.PeerPods;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Consecutive rules with the same action, so that their order does not matter. They become one rule
 * for each port specification, over the union of the peers.
 */
final class RuleUnion {
  private final Direction direction;
  private final Family family;
  private final List<ContainerPort> subjectPorts;
  private final Map<String, Union> byPorts = new TreeMap<>();
  private final SortedSet<NamedPeers> named = new TreeSet<>();
  private final SortedSet<String> namedCauses = new TreeSet<>();

  /** The peers of one port specification. */
  private static final class Union {
    final Ports ports;
    final SortedSet<HostPeers> hosts = new TreeSet<>();
    final List<IpRange> networks = new ArrayList<>();
    final SortedSet<String> everyoneCauses = new TreeSet<>();
    final SortedSet<String> hostCauses = new TreeSet<>();
    final SortedSet<String> networkCauses = new TreeSet<>();

    Union(Ports ports) {
      this.ports = ports;
    }

    SortedSet<String> causes() {
      var all = new TreeSet<>(everyoneCauses);
      all.addAll(hostCauses);
      all.addAll(networkCauses);
      return all;
    }
  }

  /**
   * @param subjectPorts the ports of the pod, which is the destination of ingress traffic (N9)
   */
  RuleUnion(Direction direction, Family family, List<ContainerPort> subjectPorts) {
    this.direction = direction;
    this.family = family;
    this.subjectPorts = subjectPorts;
  }

  /** Tests whether no traffic of this family and of the pod's ports can match. */
  boolean isEmpty() {
    return named.isEmpty() && byPorts.values().stream().allMatch(union -> union.causes().isEmpty());
  }

  /**
   * Adds a rule.
   *
   * @param pods tells which pods a peer of the policy selects
   */
  void add(PolicyRule rule, Function<Peer.Pods, PeerPods> pods, String cause) {
    if (rule.ports().isEmpty()) { // N5, A9
      addPeers(rule, pods, Ports.ANY, cause);
      return;
    }
    var ranges = new ArrayList<PortRange>();
    for (var spec : rule.ports().get()) {
      switch (spec) {
        case PortSpec.Numbered(var range) -> ranges.add(range); // N8
        case PortSpec.Named name -> {
          switch (direction) { // N9, A9
            case INGRESS ->
                subjectPorts.stream()
                    .filter(p -> p.name().equals(name.name()) && p.protocol() == name.protocol())
                    .forEach(p -> ranges.add(PortRange.of(p.protocol(), p.number())));
            case EGRESS -> addNamed(rule, pods, name, cause);
          }
        }
      }
    }
    if (!ranges.isEmpty()) { // L4: an empty list matches nothing
      addPeers(rule, pods, Ports.of(ranges), cause);
    }
  }

  private void addPeers(
      PolicyRule rule, Function<Peer.Pods, PeerPods> selected, Ports ports, String cause) {
    var union = byPorts.computeIfAbsent(ports.ranges().toString(), _ -> new Union(ports));
    if (rule.peers().isEmpty()) { // N5, A8
      union.everyoneCauses.add(cause);
      return;
    }
    for (var peer : rule.peers().get()) {
      switch (peer) {
        case Peer.Pods pods -> {
          union.hosts.add(selected.apply(pods)); // N6, A7
          union.hostCauses.add(cause);
        }
        case Peer.Nodes(var nodes) -> { // A7
          union.hosts.add(new PeerNodes(nodes));
          union.hostCauses.add(cause);
        }
        case Peer.Block(var cidr, var except) -> { // N7, A7
          if (cidr.family() == family) {
            union.networks.addAll(
                cidr.range().minus(except.stream().map(hole -> hole.range()).toList()));
            union.networkCauses.add(cause);
          }
        }
      }
    }
  }

  /** N9: only pods have names for ports, so neither blocks nor nodes match. */
  private void addNamed(
      PolicyRule rule, Function<Peer.Pods, PeerPods> selected, PortSpec.Named name, String cause) {
    if (rule.peers().isEmpty()) {
      named.add(new NamedPeers(PeerPods.ALL, name));
      namedCauses.add(cause);
      return;
    }
    for (var peer : rule.peers().get()) {
      if (peer instanceof Peer.Pods pods) {
        named.add(new NamedPeers(selected.apply(pods), name));
        namedCauses.add(cause);
      }
    }
  }

  /** Appends the rules and the definitions of the sets that they use. */
  void appendTo(Collection<Rule> rules, Collection<SetDefinition> sets, Action action) {
    for (var union : byPorts.values()) {
      if (!union.everyoneCauses.isEmpty()) {
        rules.add(rule(Optional.empty(), union.ports, action, union.causes()));
        continue;
      }
      if (!union.hosts.isEmpty()) {
        var set = SetDefinition.hosts(family, action, union.hosts);
        sets.add(set);
        rules.add(rule(Optional.of(set), union.ports, action, union.hostCauses));
      }
      if (!union.networks.isEmpty()) {
        var set = SetDefinition.networks(family, IpRange.merge(union.networks));
        sets.add(set);
        rules.add(rule(Optional.of(set), union.ports, action, union.networkCauses));
      }
    }
    if (!named.isEmpty()) {
      var set = SetDefinition.hostPorts(family, action, named);
      sets.add(set);
      rules.add(rule(Optional.of(set), Ports.ANY, action, namedCauses));
    }
  }

  private static Rule rule(
      Optional<SetDefinition> peers, Ports ports, Action action, SortedSet<String> causes) {
    return new Rule(peers.map(SetDefinition::id), ports, action, List.copyOf(causes));
  }
}
