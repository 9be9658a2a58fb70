package io.portcullis.bench.chaos;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Cidr;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Builds wide sets, rule sets of one endpoint that lets one TCP port in, or none, or of no
 * endpoint, and markers.
 */
final class Rules {
  static final IpAddress SERVER = IpAddress.parse("10.244.1.6");
  static final IpAddress CLIENT = IpAddress.parse("10.244.2.5");

  static final RuleSet DENIES = of(List.of());

  /** Rules that know no pod, but guard the addresses of pods. */
  static final RuleSet GUARDS =
      RuleSet.of(List.of(new PodCidr(Cidr.parse("10.244.1.0/24").range())));

  /** The id of a wide set. */
  static final SetId PEERS = SetId.of(SetKind.HOSTS, Family.V4, "peers");

  /** Rules that let the wide set in. */
  static final RuleSet LETS_PEERS =
      of(List.of(new Rule(Optional.of(PEERS), Ports.ANY, Action.ACCEPT, List.of())));

  private Rules() {}

  /** Returns a version of the wide set. */
  static RuleSet peers(IpAddress... members) {
    var elements = Stream.of(members).map(Element.Host::new).toList();
    return RuleSet.EMPTY.with(List.of(SetContent.of(new AddressSet(PEERS, "peers"), elements)));
  }

  static RuleSet lets(int port) {
    return of(
        List.of(
            new Rule(
                Optional.empty(),
                Ports.of(List.of(PortRange.of(Protocol.TCP, port))),
                Action.ACCEPT,
                List.of())));
  }

  private static RuleSet of(List<Rule> rules) {
    var chain = Chain.of(Direction.INGRESS, Family.V4, rules, Action.DENY);
    var endpoint =
        new Endpoint(
            SERVER, "red/server", Optional.of(chain.id()), Optional.empty(), Optional.empty());
    return RuleSet.of(List.of(chain, endpoint));
  }

  static Marker marker(long number, RuleSet rules, Marker.Wide... wide) {
    return new Marker(
        number,
        new Marker.Content(rules, "topic"),
        new Marker.Compilation(
            new Marker.ClusterPosition("cluster", 0), new Marker.Shard(0, 32), 0, List.of(), ""),
        List.of(wide));
  }

  /** Returns a version of a node that needs that state of the wide set. */
  static VersionLog.Version version(long number, RuleSet rules, RuleSet set) {
    var need = new Marker.Wide(PEERS, set.digest().hex(), 0);
    return new VersionLog.Version(marker(number, rules, need), rules);
  }

  static VersionLog.Version version(long number, RuleSet rules) {
    return new VersionLog.Version(marker(number, rules), rules);
  }

  static VersionLog log(String name, VersionLog.Version... versions) {
    var byNumber = new TreeMap<Long, VersionLog.Version>();
    for (var version : versions) {
      byNumber.put(version.marker().number(), version);
    }
    return new VersionLog(byNumber, List.of());
  }

  /** Returns the lines in which nft reports a table with this stamp. */
  static String stamp(long number, RuleSet rules, long micros) {
    return "add rule inet portcullis stamp return comment \"%d AAAAAAAAAAAAAAAAAAAAAA %s %d\""
        .formatted(number, rules.digest().hex(), micros);
  }
}
