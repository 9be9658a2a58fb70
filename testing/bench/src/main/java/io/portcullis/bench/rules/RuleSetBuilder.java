package io.portcullis.bench.rules;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Builds a rule set of one family. */
final class RuleSetBuilder {
  private final Family family;
  private final List<NodeRecord> records = new ArrayList<>();

  RuleSetBuilder(Family family) {
    this.family = family;
  }

  /**
   * Returns pod addresses, each derived from its number, far from those of the benchmark's packets.
   */
  static List<IpAddress> pods(Family family, int first, int count) {
    return IntStream.range(first, first + count).mapToObj(i -> pod(family, i)).toList();
  }

  static IpAddress pod(Family family, int index) {
    var base =
        IpAddress.parse(
            switch (family) {
              case V4 -> "10.64.0.0";
              case V6 -> "fd00:10:64::";
            });
    return new IpAddress(family, base.value().add(BigInteger.valueOf(index)));
  }

  SetId hosts(String definition, Collection<IpAddress> members) {
    var id = SetId.of(SetKind.HOSTS, family, definition);
    records.add(new NodeRecord.AddressSet(id, definition));
    members.forEach(ip -> records.add(new NodeRecord.Member(id, new Element.Host(ip))));
    return id;
  }

  SetId networks(String definition, Collection<IpRange> members) {
    var id = SetId.of(SetKind.NETWORKS, family, definition);
    records.add(new NodeRecord.AddressSet(id, definition));
    members.forEach(range -> records.add(new NodeRecord.Member(id, new Element.Network(range))));
    return id;
  }

  /** Returns a rule for one UDP port, or for all traffic if the port is 0. */
  static Rule rule(SetId peers, int port, Action action) {
    var ports = port == 0 ? Ports.ANY : Ports.of(List.of(PortRange.of(Protocol.UDP, port)));
    return new Rule(Optional.of(peers), ports, action, List.of("NetworkPolicy/bench/policy#0"));
  }

  /** Returns a rule that accepts one port of UDP and of TCP. */
  static Rule accepting(SetId peers, int port) {
    var ports =
        Ports.of(List.of(PortRange.of(Protocol.UDP, port), PortRange.of(Protocol.TCP, port)));
    return new Rule(
        Optional.of(peers), ports, Action.ACCEPT, List.of("NetworkPolicy/bench/policy#0"));
  }

  /** Adds a chain that denies whatever no rule accepts. */
  ChainId chain(Direction direction, Rule... rules) {
    return chain(direction, List.of(rules));
  }

  ChainId chain(Direction direction, List<Rule> rules) {
    var chain =
        NodeRecord.Chain.of(direction, family, rules, Action.DENY)
            .standingFor(List.of("NetworkPolicy/bench/policy"));
    records.add(chain);
    return chain.id();
  }

  /** Adds a guard for a pod CIDR: unknown pods in it may not send or receive (C1). */
  RuleSetBuilder guards(IpRange podCidr) {
    records.add(new NodeRecord.PodCidr(podCidr));
    return this;
  }

  RuleSetBuilder leads(IpAddress ip, ChainId ingress) {
    return leads(ip, Optional.of(ingress), Optional.empty());
  }

  RuleSetBuilder leads(IpAddress ip, Optional<ChainId> ingress, Optional<ChainId> egress) {
    records.add(new NodeRecord.Endpoint(ip, "bench/pod", ingress, egress, Optional.empty()));
    return this;
  }

  /** Adds other pods, each with policies of its own: a set, a chain and an endpoint each. */
  RuleSetBuilder others(int count) {
    for (var i = 0; i < count; i++) {
      var peers = hosts("peers of other " + i, pods(family, 10_000_000 + i * 8, 5));
      leads(
          pod(family, 12_000_000 + i),
          chain(Direction.INGRESS, rule(peers, 8_000 + i % 1_000, Action.ACCEPT)));
    }
    return this;
  }

  RuleSet done() {
    return RuleSet.of(records);
  }
}
