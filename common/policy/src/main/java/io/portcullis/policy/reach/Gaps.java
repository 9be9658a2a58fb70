package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** All addresses of a family, cut wherever a network begins or ends. */
final class Gaps {
  private final Family family;
  private final IpAddress[] starts;

  Gaps(Family family, Collection<IpRange> networks) {
    this.family = family;
    var cuts = new TreeSet<IpAddress>();
    cuts.add(all().first());
    for (var network : networks) {
      cuts.add(network.first());
      if (!network.last().equals(all().last())) {
        cuts.add(network.last().next());
      }
    }
    this.starts = cuts.toArray(IpAddress[]::new);
  }

  private IpRange all() {
    return all(family);
  }

  /** Returns all addresses of a family. */
  static IpRange all(Family family) {
    return switch (family) {
      case V4 -> IpRange.parse("0.0.0.0-255.255.255.255");
      case V6 -> IpRange.parse("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    };
  }

  int size() {
    return starts.length;
  }

  /** Returns the number of the gap that holds an address. */
  int at(IpAddress address) {
    var found = Arrays.binarySearch(starts, address);
    return found >= 0 ? found : -found - 2;
  }

  /** Returns the numbers of the gaps that these disjoint ranges consist of. */
  List<Integer> within(Collection<IpRange> ranges) {
    var gaps = new ArrayList<Integer>();
    for (var range : ranges) {
      for (var gap = at(range.first()); gap <= at(range.last()); gap++) {
        gaps.add(gap);
      }
    }
    return gaps;
  }

  IpRange range(int gap) {
    return new IpRange(
        starts[gap], gap + 1 < starts.length ? starts[gap + 1].previous() : all().last());
  }

  /** Returns the first address of a gap that is none of these; absent where all are. */
  Optional<IpAddress> firstFree(int gap, KnownAddresses taken) {
    var range = range(gap);
    var free = range.first();
    for (var address : taken.from(range.first())) {
      if (!address.equals(free)) {
        break;
      }
      if (free.equals(range.last())) {
        return Optional.empty();
      }
      free = free.next();
    }
    return Optional.of(free);
  }
}
