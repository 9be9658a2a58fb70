package io.portcullis.agent.cni;

import io.portcullis.agent.links.Network;
import io.portcullis.agent.links.PodLinks;
import io.portcullis.net.IpAddress;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds the addresses of exempt pods on this node.
 *
 * @param namespaces whose pods are exempt
 */
public record ExemptPods(Set<String> namespaces) {
  public ExemptPods {
    namespaces = Set.copyOf(namespaces);
  }

  /**
   * Returns the addresses that belong to exempt pods alone, and are routed to them.
   *
   * @param attachments of all pods whose network namespaces are there
   */
  public SortedSet<IpAddress> addresses(Network network, Collection<Attachment> attachments) {
    var claims =
        attachments.stream()
            .flatMap(pod -> pod.addresses().stream().map(ip -> new Claim(ip, pod)))
            .collect(Collectors.groupingBy(Claim::ip));
    // what two pods claim belongs to the exempt one only perhaps
    claims.values().removeIf(of -> !of.stream().allMatch(claim -> claim.pod().isOf(namespaces)));
    var found = new TreeSet<IpAddress>();
    PodLinks.toPods(network, claims.keySet())
        .forEach(
            (ip, way) -> {
              if (isRouted(claims.get(ip), way)) {
                found.add(ip);
              }
            });
    return found;
  }

  private record Claim(IpAddress ip, Attachment pod) {}

  /** Returns whether the links may be those of one of these pods. */
  private static boolean isRouted(List<Claim> claims, PodLinks.ToPod way) {
    return way.overBridge()
        || claims.stream()
            .map(claim -> claim.pod().links())
            .anyMatch(own -> own.isEmpty() || own.containsAll(way.links()));
  }
}
