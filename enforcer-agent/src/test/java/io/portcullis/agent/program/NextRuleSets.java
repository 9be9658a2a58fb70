package io.portcullis.agent.program;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/** A rule set that may come after another one. */
final class NextRuleSets {
  private final RuleSet before;
  private final RuleSet other;
  private final Random random;
  private final List<NodeRecord> records = new ArrayList<>();

  private NextRuleSets(RuleSet before, Random random) {
    this.before = before;
    this.other = RandomRuleSets.next(random);
    this.random = random;
  }

  /** Shares most with the one before; nothing in it dangles. */
  static RuleSet after(RuleSet before, Random random) {
    var next = new NextRuleSets(before, random);
    next.chains();
    next.endpoints();
    next.members();
    return next.withoutIdleRecords();
  }

  private void chains() {
    records.addAll(before.chains());
    if (random.nextBoolean()) {
      other.chains().stream()
          .filter(chain -> before.chain(chain.id()).isEmpty())
          .forEach(records::add);
    }
  }

  private void endpoints() {
    for (var endpoint : before.endpoints()) {
      if (random.nextInt(4) > 0) {
        records.add(random.nextInt(3) == 0 ? led(endpoint.ip()) : endpoint);
      }
    }
    if (random.nextInt(3) == 0) {
      var ip = IpAddress.parse("10.244.0." + random.nextInt(8));
      if (records.stream().noneMatch(item -> item.key().equals("endpoint/" + ip))) {
        records.add(led(ip));
      }
    }
  }

  private Endpoint led(IpAddress ip) {
    return new Endpoint(
        ip,
        "shop/next",
        chain(Direction.INGRESS, ip.family()),
        chain(Direction.EGRESS, ip.family()),
        chain(Direction.EGRESS, ip.family()));
  }

  private Optional<ChainId> chain(Direction direction, Family family) {
    var fitting = new ArrayList<ChainId>();
    for (var item : records) {
      if (item instanceof Chain chain
          && chain.id().direction() == direction
          && chain.family() == family) {
        fitting.add(chain.id());
      }
    }
    return fitting.isEmpty() || random.nextInt(4) == 0
        ? Optional.empty()
        : Optional.of(fitting.get(random.nextInt(fitting.size())));
  }

  private void members() {
    for (var rules : List.of(before, other)) {
      for (var set : rules.sets()) {
        records.add(new AddressSet(set.id(), ""));
        for (var element : set.elements()) {
          if (rules == other || set.id().kind() == SetKind.NETWORKS || random.nextInt(4) > 0) {
            records.add(new Member(set.id(), element));
          }
        }
        for (var donor : rules.sets()) {
          if (donor.id().kind() == set.id().kind()
              && donor.id().family() == set.id().family()
              && set.id().kind() != SetKind.NETWORKS) {
            donor.elements().stream()
                .filter(_ -> random.nextInt(3) == 0)
                .forEach(element -> records.add(new Member(set.id(), element)));
          }
        }
      }
    }
  }

  /** As a compiler leaves them out. */
  private RuleSet withoutIdleRecords() {
    var used = new TreeSet<String>();
    var found = new ArrayList<String>();
    records.stream().filter(Endpoint.class::isInstance).map(NodeRecord::key).forEach(found::add);
    var all = RuleSet.of(records);
    while (!found.isEmpty()) {
      var key = found.removeLast();
      if (used.add(key)) {
        all.record(key).ifPresent(item -> found.addAll(Parts.references(item)));
      }
    }
    return RuleSet.of(
        records.stream()
            .filter(
                item ->
                    item instanceof Member(var set, _)
                        ? used.contains("set/" + set)
                        : used.contains(item.key()))
            .toList());
  }
}
