package io.portcullis.agent.standin;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.nft.CutMark;
import io.portcullis.nft.LocalSets;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The content of the smallest table that lets nothing pass which a rule set denies: an endpoint
 * with rules gets and sends nothing new, and the guard of new pods stands as before (C1).
 *
 * @param mark of connections that are cut (C2)
 * @param closed local addresses that get or send nothing new on that path
 * @param known addresses of pods that the version or the node itself knows
 * @param podLinks links of local pods, which send from their own addresses only (T14)
 * @param guardLinks names of links over which unknown addresses are guarded, with {@code *} for any
 *     rest
 * @param guardedRanges pod CIDRs in which unknown addresses are guarded
 */
public record ClosedTable(
    CutMark mark,
    Map<TrafficPath, SortedSet<IpAddress>> closed,
    SortedSet<IpAddress> known,
    SortedSet<String> podLinks,
    SortedSet<String> guardLinks,
    List<IpRange> guardedRanges) {

  /** Makes the table for that rule set on a node with these local sets. */
  public static ClosedTable of(RuleSet rules, CutMark mark, LocalSets local) {
    var closed = new EnumMap<TrafficPath, SortedSet<IpAddress>>(TrafficPath.class);
    for (var path : TrafficPath.values()) {
      closed.put(
          path,
          addresses(
              rules.endpoints().stream().filter(endpoint -> endpoint.chain(path).isPresent())));
    }
    var known = addresses(rules.endpoints().stream());
    known.addAll(local.known());
    return new ClosedTable(
        mark,
        closed,
        known,
        local.links(),
        local.guardLinks(),
        rules.podCidrs().stream()
            .map(PodCidr::range)
            .filter(range -> !local.openCidrs().contains(range.family()))
            .sorted()
            .toList());
  }

  private static SortedSet<IpAddress> addresses(Stream<Endpoint> endpoints) {
    return endpoints.map(Endpoint::ip).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the closed addresses of one family on that path. */
  List<IpAddress> closed(TrafficPath path, Family family) {
    return of(family, closed.get(path));
  }

  /** Returns the known addresses of one family. */
  List<IpAddress> known(Family family) {
    return of(family, known);
  }

  private static List<IpAddress> of(Family family, Collection<IpAddress> addresses) {
    return addresses.stream().filter(ip -> ip.family() == family).toList();
  }
}
