package io.portcullis.ruleset;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/**
 * Random rule sets of every construct that a compiler may emit, and of odd ones that it may not.
 */
public final class RandomRuleSets {
  private final Random random;
  private final List<NodeRecord> records = new ArrayList<>();
  private final List<SetId> sets = new ArrayList<>();
  private final List<NodeRecord.Chain> chains = new ArrayList<>();

  private RandomRuleSets(Random random) {
    this.random = random;
  }

  public static Arbitrary<RuleSet> ruleSets() {
    return Arbitraries.randomValue(RandomRuleSets::ofAnyNode);
  }

  /** Returns the next rule set of a node without pod CIDRs; no reference in it dangles. */
  public static RuleSet next(Random random) {
    return RuleSet.of(new RandomRuleSets(random).make());
  }

  /** Returns the next rule set of a node with or without pod CIDRs. */
  public static RuleSet ofAnyNode(Random random) {
    var sets = new RandomRuleSets(random);
    var records = sets.make();
    for (var family : Family.values()) {
      sets.ranges(family, random.nextInt(3))
          .forEach(range -> records.add(new NodeRecord.PodCidr(range)));
    }
    return RuleSet.of(records);
  }

  private List<NodeRecord> make() {
    for (var i = random.nextInt(6); i > 0; i--) {
      set();
    }
    for (var i = random.nextInt(6); i > 0; i--) {
      chain();
    }
    for (var i = random.nextInt(5); i > 0; i--) {
      endpoint();
    }
    return records;
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private Family family() {
    return one(List.of(Family.values()));
  }

  private void set() {
    var kind = one(List.of(SetKind.values()));
    var definition = "definition " + random.nextInt();
    var id = SetId.of(kind, family(), definition);
    sets.add(id);
    records.add(new NodeRecord.AddressSet(id, definition));
    elements(id).forEach(element -> records.add(new NodeRecord.Member(id, element)));
  }

  private Collection<Element> elements(SetId id) {
    var count = random.nextInt(6);
    var elements = new ArrayList<Element>();
    switch (id.kind()) {
      case HOSTS -> {
        for (var i = 0; i < count; i++) {
          elements.add(new Element.Host(address(id.family())));
        }
      }
      case NETWORKS ->
          ranges(id.family(), count).forEach(range -> elements.add(new Element.Network(range)));
      case HOST_PORTS -> {
        for (var i = 0; i < count; i++) {
          elements.add(
              new Element.HostPort(
                  address(id.family()),
                  one(List.of(Protocol.values())),
                  1 + random.nextInt(65535)));
        }
      }
    }
    return new TreeSet<>(elements);
  }

  private List<IpRange> ranges(Family family, int count) {
    if (random.nextInt(8) == 0) {
      return List.of(everything(family));
    }
    var ranges = new ArrayList<IpRange>();
    for (var i = 0; i < count; i++) {
      ranges.add(range(family));
    }
    return IpRange.merge(ranges);
  }

  private static IpRange everything(Family family) {
    var first = new IpAddress(family, BigInteger.ZERO);
    var last = BigInteger.ONE.shiftLeft(family.bits()).subtract(BigInteger.ONE);
    return new IpRange(first, new IpAddress(family, last));
  }

  private IpRange range(Family family) {
    var start = address(family);
    var bits = family.bits();
    return switch (random.nextInt(4)) {
      case 0 -> new IpRange(start, start);
      case 1 -> { // a prefix
        var host = random.nextInt(bits - 1);
        var first = start.value().shiftRight(host).shiftLeft(host);
        var last = first.add(BigInteger.ONE.shiftLeft(host)).subtract(BigInteger.ONE);
        yield new IpRange(new IpAddress(family, first), new IpAddress(family, last));
      }
      case 2 -> { // up to the last address of all
        yield new IpRange(start, everything(family).last());
      }
      default -> {
        var other = address(family);
        yield start.compareTo(other) < 0 ? new IpRange(start, other) : new IpRange(other, start);
      }
    };
  }

  /** Draws an address: half of them are near each other, half anywhere; none is IPv4-mapped. */
  private IpAddress address(Family family) {
    if (random.nextBoolean()) {
      return IpAddress.parse(
          switch (family) {
                case V4 -> "10.244.0.";
                case V6 -> "fd00:10:244::";
              }
              + random.nextInt(8));
    }
    var value = new BigInteger(family.bits(), random);
    return new IpAddress(family, value);
  }

  private void chain() {
    var family = family();
    var direction = one(List.of(Direction.values()));
    var rules = new ArrayList<Rule>();
    for (var i = random.nextInt(5); i > 0; i--) {
      rules.add(
          new Rule(
              peers(family), ports(), action(family, direction), List.of("NetworkPolicy/a/b#0")));
    }
    var chain =
        NodeRecord.Chain.of(direction, family, rules, action(family, direction))
            .standingFor(List.of("NetworkPolicy/a/b"));
    chains.add(chain);
    records.add(chain);
  }

  private Optional<SetId> peers(Family family) {
    var fitting = sets.stream().filter(set -> set.family() == family).toList();
    return fitting.isEmpty() || random.nextInt(4) == 0
        ? Optional.empty()
        : Optional.of(one(fitting));
  }

  private Ports ports() {
    var ranges = new ArrayList<PortRange>();
    for (var i = random.nextInt(5); i > 0; i--) {
      var protocol = one(List.of(Protocol.values()));
      var first = random.nextInt(65536);
      ranges.add(
          switch (random.nextInt(4)) {
            case 0 -> PortRange.all(protocol);
            case 1 -> new PortRange(protocol, first, first + random.nextInt(65536 - first));
            case 2 -> PortRange.of(protocol, one(List.of(53, 80, 81, 443)));
            default -> PortRange.of(protocol, first);
          });
    }
    return Ports.of(ranges);
  }

  private Action action(Family family, Direction direction) {
    var next =
        chains.stream()
            .filter(c -> c.family() == family && c.id().direction() == direction)
            .map(NodeRecord.Chain::id)
            .toList();
    return switch (random.nextInt(3)) {
      case 0 -> Action.ACCEPT;
      case 1 -> Action.DENY;
      default -> next.isEmpty() ? Action.DENY : new Action.Continue(one(next));
    };
  }

  private void endpoint() {
    var ip = address(family());
    records.add(
        new NodeRecord.Endpoint(
            ip,
            "shop/web-" + random.nextInt(10),
            chainOf(Direction.INGRESS, ip.family()),
            chainOf(Direction.EGRESS, ip.family()),
            chainOf(Direction.EGRESS, ip.family())));
  }

  private Optional<ChainId> chainOf(Direction direction, Family family) {
    var fitting =
        chains.stream()
            .filter(c -> c.id().direction() == direction && c.family() == family)
            .map(NodeRecord.Chain::id)
            .toList();
    return fitting.isEmpty() || random.nextInt(3) == 0
        ? Optional.empty()
        : Optional.of(one(fitting));
  }
}
