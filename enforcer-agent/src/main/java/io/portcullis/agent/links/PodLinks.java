package io.portcullis.agent.links;

import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.Edit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The links over which local pods are reached.
 *
 * @param own names of links that have host routes to pods and lead nowhere else: a packet that
 *     comes over one of them with an address that is not routed there is spoofed
 * @param shared how many pods' addresses are reached over each other link, by its name; what those
 *     pods send cannot be told from what others send
 */
public record PodLinks(SortedSet<String> own, SortedMap<String, Integer> shared) {
  public static final PodLinks NONE = new PodLinks(new TreeSet<>(), new TreeMap<>());

  public PodLinks {
    own = Collections.unmodifiableSortedSet(new TreeSet<>(own));
    shared = Collections.unmodifiableSortedMap(new TreeMap<>(shared));
  }

  /**
   * Finds the links of pods.
   *
   * @param pods all addresses of local pods
   */
  public static PodLinks of(Network network, Collection<IpAddress> pods) {
    return new Search(network).of(pods);
  }

  /**
   * Returns the link to which each pod's address is routed, by name and index; none for an address
   * that is routed nowhere. Another pod with that address has another link, unless both share one.
   */
  public static Map<IpAddress, String> places(Network network, Collection<IpAddress> pods) {
    var search = new Search(network);
    var places = new HashMap<IpAddress, String>();
    for (var pod : pods) {
      var links = search.over(pod);
      if (!links.isEmpty()) {
        places.put(
            pod,
            links.stream()
                .map(link -> link.name() + "@" + link.index())
                .sorted()
                .collect(Collectors.joining(" ")));
      }
    }
    return places;
  }

  /**
   * The links that lead to an address as to that of a local pod.
   *
   * @param overBridge whether other pods are reached over the same link
   */
  public record ToPod(SortedSet<String> links, boolean overBridge) {}

  /**
   * Returns those of these addresses to which links lead as to local pods: by a route to the
   * address alone, or over a bridge, and never over a link with a default route.
   */
  public static Map<IpAddress, ToPod> toPods(Network network, Collection<IpAddress> addresses) {
    var search = new Search(network);
    var ways = new HashMap<IpAddress, ToPod>();
    addresses.forEach(ip -> search.toPod(ip).ifPresent(way -> ways.put(ip, way)));
    return ways;
  }

  /** Returns the names of the links with a default route. */
  public static SortedSet<String> leadingOut(Network network) {
    var search = new Search(network);
    return search.leadingOut.stream()
        .flatMap(index -> Optional.ofNullable(search.links.get(index)).stream())
        .map(Link::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the names of the bridges over which pods are reached. */
  public static SortedSet<String> bridges(Network network, Collection<IpAddress> pods) {
    var names = PodLinks.of(network, pods).shared().keySet();
    var bridges = new TreeSet<String>();
    network.links().stream()
        .filter(link -> link.isBridge() && names.contains(link.name()))
        .forEach(link -> bridges.add(link.name()));
    return bridges;
  }

  private static final class Search {
    private final Map<Integer, Link> links = new HashMap<>();
    private final Map<IpAddress, List<Integer>> hosts = new HashMap<>();
    private final List<Route> networks = new ArrayList<>();
    private final Set<Integer> leadingElsewhere = new HashSet<>();
    private final Set<Integer> leadingOut = new HashSet<>();

    Search(Network network) {
      network.links().forEach(link -> links.put(link.index(), link));
      for (var route : network.routes()) {
        if (route.isToHost()) {
          hosts.computeIfAbsent(route.to().network(), _ -> new ArrayList<>()).add(route.link());
        } else if (!route.isOfTheLinkItself()) {
          networks.add(route);
          leadingElsewhere.add(route.link());
          if (route.to().length() == 0) {
            leadingOut.add(route.link());
          }
        }
      }
    }

    PodLinks of(Collection<IpAddress> pods) {
      var own = new TreeSet<String>();
      var shared = new TreeMap<String, Integer>();
      for (var pod : pods) {
        for (var link : over(pod)) {
          if (isOwn(link)) {
            own.add(link.name());
          } else {
            shared.merge(link.name(), 1, Integer::sum);
          }
        }
      }
      return new PodLinks(own, shared);
    }

    Optional<ToPod> toPod(IpAddress ip) {
      var links = over(ip);
      var isToHost = hosts.containsKey(ip);
      var isToPod =
          links.stream()
              .allMatch(
                  link ->
                      !link.loopback()
                          && !leadingOut.contains(link.index())
                          && (isToHost || link.isBridge()));
      var names = links.stream().map(Link::name).collect(Collectors.toCollection(TreeSet::new));
      return isToPod && !names.isEmpty()
          ? Optional.of(new ToPod(names, !isToHost))
          : Optional.empty();
    }

    private List<Link> over(IpAddress pod) {
      var indexes = Optional.ofNullable(hosts.get(pod)).orElseGet(() -> overNetworks(pod)).stream();
      return indexes
          .distinct()
          .flatMap(index -> Optional.ofNullable(links.get(index)).stream())
          .toList();
    }

    /** Returns the links of the longest matching network routes; a default route does not count. */
    private List<Integer> overNetworks(IpAddress pod) {
      var around =
          networks.stream()
              .filter(route -> route.to().length() > 0 && contains(route.to(), pod))
              .toList();
      var longest = around.stream().mapToInt(route -> route.to().length()).max();
      return around.stream()
          .filter(route -> route.to().length() == longest.orElseThrow())
          .map(Route::link)
          .toList();
    }

    private static boolean contains(Cidr network, IpAddress ip) {
      return network.strictlyContains(new Cidr(ip, ip.family().bits()));
    }

    private boolean isOwn(Link link) {
      return !link.loopback()
          && !link.isBridge()
          && link.master().isEmpty()
          && !leadingElsewhere.contains(link.index())
          && Edit.SetPodLinks.fits(link.name());
    }
  }
}
