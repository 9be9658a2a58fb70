package io.portcullis.agent.links;

import io.portcullis.net.Cidr;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Whether the addresses of this node's pods are those of the pod CIDRs that its Node object names.
 * Some address managers ignore these (C1).
 *
 * @param contradictions what the node's routes or pods say against it, by family
 */
public record PodCidrCheck(SortedMap<Family, String> contradictions) {
  public static final PodCidrCheck AGREED = new PodCidrCheck(new TreeMap<>());

  /** Links of these kinds lead to other nodes. */
  private static final Set<String> TUNNELS =
      Set.of("vxlan", "geneve", "gre", "ip6gre", "ipip", "sit", "ip6tnl", "wireguard");

  /**
   * Compares pod CIDRs with what there is on the node.
   *
   * @param pods addresses of local pods
   */
  public static PodCidrCheck of(
      Network network, Collection<IpAddress> pods, Collection<IpRange> cidrs) {
    var found = new TreeMap<Family, String>();
    for (var family : Family.values()) {
      var own = cidrs.stream().filter(range -> range.family() == family).toList();
      if (!own.isEmpty()) {
        outside(network, pods, own)
            .or(() -> inside(network, own))
            .ifPresent(reason -> found.put(family, reason));
      }
    }
    return new PodCidrCheck(found);
  }

  /** Returns the families whose pod CIDRs say nothing of this node's pods. */
  public SortedSet<Family> open() {
    return new TreeSet<>(contradictions.keySet());
  }

  /** Returns what is wrong, in words. */
  public Optional<String> text() {
    return contradictions.isEmpty()
        ? Optional.empty()
        : Optional.of("not guarded: " + String.join("; ", contradictions.values()));
  }

  private static Optional<String> outside(
      Network network, Collection<IpAddress> pods, List<IpRange> own) {
    var others =
        pods.stream()
            .filter(ip -> ip.family() == own.getFirst().family())
            .filter(ip -> own.stream().noneMatch(range -> range.contains(ip)))
            .toList();
    return PodLinks.toPods(network, others).keySet().stream()
        .sorted()
        .findFirst()
        .map(ip -> ip + " of a pod of this node is outside of its pod CIDRs " + text(own));
  }

  private static String text(List<IpRange> cidrs) {
    return cidrs.stream()
        .map(range -> Cidr.of(range).map(Cidr::toString).orElse(range.toString()))
        .collect(Collectors.joining(", "));
  }

  /** Finds addresses within the pod CIDRs to which a route leads away from the node. */
  private static Optional<String> inside(Network network, List<IpRange> own) {
    var away = leadingAway(network, own);
    var links =
        network.links().stream().collect(Collectors.toMap(Link::index, Function.identity()));
    return network.routes().stream()
        .filter(route -> isWithin(route.to(), own) && away.contains(route.link()))
        .filter(route -> links.containsKey(route.link()))
        .findFirst()
        .map(route -> route.to() + " is within and leads to " + name(links, route));
  }

  private static String name(Map<Integer, Link> links, Route route) {
    return "other nodes over " + links.get(route.link()).name();
  }

  /** Returns the links over which other nodes are reached. A bridge has the node's own pods. */
  private static Set<Integer> leadingAway(Network network, List<IpRange> own) {
    var away = new HashSet<Integer>();
    var candidates = new ArrayList<>(network.links());
    candidates.removeIf(link -> link.loopback() || link.isBridge());
    for (var link : candidates) {
      var leadsElsewhere =
          network.routes().stream()
              .filter(route -> route.link() == link.index() && !route.isOfTheLinkItself())
              .anyMatch(
                  route ->
                      route.to().family() == own.getFirst().family()
                          && !route.isToHost()
                          && !isWithin(route.to(), own));
      if (leadsElsewhere || TUNNELS.contains(link.kind())) {
        away.add(link.index());
      }
    }
    return away;
  }

  private static boolean isWithin(Cidr network, List<IpRange> own) {
    var range = network.range();
    return own.stream()
        .anyMatch(cidr -> cidr.contains(range.first()) && cidr.contains(range.last()));
  }
}
