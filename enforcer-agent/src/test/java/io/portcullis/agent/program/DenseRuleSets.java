package io.portcullis.agent.program;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Rule sets in a world of few addresses and ports, so that all flows can be asked about and most of
 * them meet a rule. Sets have the same names in all of them.
 */
final class DenseRuleSets {
  private static final int ADDRESSES = 4;
  private static final int SETS = 4;
  private static final int CHAINS = 3;

  private final Random random;
  private final List<Chain> chains = new ArrayList<>();
  private final Map<SetId, List<Element>> members = new HashMap<>();
  private final List<Endpoint> endpoints = new ArrayList<>();

  DenseRuleSets(Random random) {
    this.random = random;
    moreChains();
    for (var i = 0; i < SETS; i++) {
      members.put(set(i), members());
    }
  }

  /** All flows of this world. */
  static List<Flow> flows() {
    var flows = new ArrayList<Flow>();
    for (var source = 0; source < ADDRESSES; source++) {
      for (var destination = 0; destination < ADDRESSES; destination++) {
        for (var port : List.of(Optional.<Integer>empty(), Optional.of(80), Optional.of(81))) {
          flows.add(
              new Flow(
                  address(source),
                  address(destination),
                  port.map(number -> new Flow.Port(Protocol.TCP, number))));
        }
      }
    }
    return flows;
  }

  private static IpAddress address(int number) {
    return IpAddress.parse("10.244.0." + number);
  }

  /** Has much in common with the one before. */
  RuleSet next() {
    if (random.nextInt(3) == 0) {
      moreChains();
    }
    for (var i = 0; i < SETS; i++) {
      if (random.nextBoolean()) {
        members.put(set(i), members());
      }
    }
    if (random.nextBoolean()) {
      endpoints.clear();
      for (var i = 0; i < ADDRESSES; i++) {
        if (random.nextInt(4) > 0) {
          endpoints.add(endpoint(address(i)));
        }
      }
    }
    var records = new ArrayList<NodeRecord>(chains);
    records.addAll(endpoints);
    members.forEach(
        (set, elements) -> {
          records.add(new AddressSet(set, ""));
          elements.forEach(element -> records.add(new Member(set, element)));
        });
    return RuleSet.of(records);
  }

  private List<Element> members() {
    var elements = new ArrayList<Element>();
    for (var i = 0; i < ADDRESSES; i++) {
      if (random.nextBoolean()) {
        elements.add(new Element.Host(address(i)));
      }
    }
    return elements;
  }

  private Endpoint endpoint(IpAddress ip) {
    return new Endpoint(
        ip, "", chain(Direction.INGRESS), chain(Direction.EGRESS), chain(Direction.EGRESS));
  }

  private static SetId set(int number) {
    return SetId.of(SetKind.HOSTS, Family.V4, "set " + number);
  }

  private Optional<ChainId> chain(Direction direction) {
    var fitting = chains.stream().filter(chain -> chain.id().direction() == direction).toList();
    return random.nextInt(4) == 0
        ? Optional.empty()
        : Optional.of(fitting.get(random.nextInt(fitting.size())).id());
  }

  private void moreChains() {
    for (var direction : Direction.values()) {
      for (var i = 0; i < CHAINS; i++) {
        var rules = new ArrayList<Rule>();
        for (var left = random.nextInt(4); left > 0; left--) {
          rules.add(rule(direction));
        }
        chains.add(Chain.of(direction, Family.V4, rules, end(direction)));
      }
    }
  }

  private Rule rule(Direction direction) {
    var set = random.nextInt(SETS);
    var ports =
        switch (random.nextInt(3)) {
          case 0 -> Ports.ANY;
          case 1 -> Ports.of(List.of(PortRange.of(Protocol.TCP, 80)));
          default -> Ports.of(List.of(PortRange.of(Protocol.TCP, 81)));
        };
    if (random.nextInt(10) > 0) {
      var usual =
          switch (set) {
            case 0, 1 -> Action.ACCEPT;
            case 2 -> Action.DENY;
            default -> pass(direction);
          };
      return new Rule(Optional.of(set(set)), ports, usual, List.of());
    }
    var peers = random.nextBoolean() ? Optional.of(set(set)) : Optional.<SetId>empty();
    return new Rule(peers, ports, end(direction), List.of());
  }

  private Action end(Direction direction) {
    return switch (random.nextInt(4)) {
      case 0 -> Action.ACCEPT;
      case 1 -> pass(direction);
      default -> Action.DENY;
    };
  }

  private Action pass(Direction direction) {
    var next = chains.stream().filter(chain -> chain.id().direction() == direction).toList();
    return next.isEmpty()
        ? Action.DENY
        : new Action.Continue(next.get(random.nextInt(next.size())).id());
  }
}
