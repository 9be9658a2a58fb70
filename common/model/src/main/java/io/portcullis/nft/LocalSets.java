package io.portcullis.nft;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Sets of a table whose members only the node knows. No digest covers them.
 *
 * @param links of local pods (T14)
 * @param known addresses of pods that the node itself knows (C1)
 * @param guardLinks names of links over which the guard stands, with {@code *} for any rest (C1)
 * @param openCidrs families in which pod CIDRs are not guarded (C1)
 */
public record LocalSets(
    SortedSet<String> links,
    SortedSet<IpAddress> known,
    SortedSet<String> guardLinks,
    SortedSet<Family> openCidrs) {
  public static final LocalSets EMPTY =
      new LocalSets(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>());

  public LocalSets {
    links = Collections.unmodifiableSortedSet(new TreeSet<>(links));
    known = Collections.unmodifiableSortedSet(new TreeSet<>(known));
    guardLinks = Collections.unmodifiableSortedSet(new TreeSet<>(guardLinks));
    openCidrs = Collections.unmodifiableSortedSet(new TreeSet<>(openCidrs));
  }

  /** Returns these sets with other links over which the guard stands. */
  public LocalSets withGuardLinks(SortedSet<String> patterns) {
    return new LocalSets(links, known, patterns, openCidrs);
  }

  /** Returns these sets with other links of local pods. */
  public LocalSets withLinks(SortedSet<String> ofPods) {
    return new LocalSets(ofPods, known, guardLinks, openCidrs);
  }

  /** Returns these sets with other pods that the node itself knows. */
  public LocalSets withKnown(SortedSet<IpAddress> pods) {
    return new LocalSets(links, pods, guardLinks, openCidrs);
  }

  /** Returns the sets that should be others, each with its members and those expected. */
  SortedMap<String, String> differences(LocalSets expected) {
    var found = new TreeMap<String, String>();
    if (!links.equals(expected.links)) {
      found.put(ObjectNames.POD_LINKS, links + " instead of " + expected.links);
    }
    if (!guardLinks.equals(expected.guardLinks)) {
      found.put(ObjectNames.GUARD_LINKS, guardLinks + " instead of " + expected.guardLinks);
    }
    if (!openCidrs.equals(expected.openCidrs)) {
      found.put(ObjectNames.OPEN_CIDRS, openCidrs + " instead of " + expected.openCidrs);
    }
    for (var family : Family.values()) {
      if (!known(family).equals(expected.known(family))) {
        found.put(
            ObjectNames.known(family), known(family) + " instead of " + expected.known(family));
      }
    }
    return found;
  }

  private List<IpAddress> known(Family family) {
    return known.stream().filter(ip -> ip.family() == family).toList();
  }
}
