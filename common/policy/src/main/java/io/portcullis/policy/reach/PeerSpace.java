package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.net.PortRange;
import io.portcullis.policy.rules.PodChains;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.SetContent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.roaringbitmap.RoaringBitmap;

/**
 * All addresses of a family in classes: those of one class have the same chains and are in the same
 * sets, in each of the snapshots. What a snapshot decides for one it decides for all, except what a
 * pod sends to itself or to its own node (T4, T5).
 *
 * <p>Addresses of pods and nodes are items of their own. All others are in gaps between the bounds
 * of networks, and a gap is an item.
 */
final class PeerSpace {
  private final Family family;
  private final KnownAddresses addresses;

  private final Set<SetContent> sets = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Gaps gaps;
  private final Partition gapParts;
  private final int[] classOf;
  private final List<PeerClass> classes = new ArrayList<>();

  /** The classes in each part of the gaps. */
  private final Map<Integer, RoaringBitmap> byGapPart = new HashMap<>();

  private final Map<SetContent, PeerSet> members = new IdentityHashMap<>();

  /** The classes of which it may be asked what their own chains decide. */
  private final RoaringBitmap subjects = new RoaringBitmap();

  /**
   * Makes the classes of all addresses.
   *
   * @param asked networks that somebody asks about, which no class may straddle
   */
  PeerSpace(Family family, List<Snapshot> snapshots, Collection<IpRange> asked) {
    this(family, snapshots, asked, _ -> true);
  }

  /**
   * Makes classes for questions about what the chains of some pods decide. Other pods are told
   * apart by these chains alone, and not by their own.
   *
   * @param asked networks that somebody asks about, which no class may straddle
   * @param subjects tells of an address whether what its chains decide is asked
   */
  PeerSpace(
      Family family,
      List<Snapshot> snapshots,
      Collection<IpRange> asked,
      Predicate<IpAddress> subjects) {
    this.family = family;
    this.addresses = Snapshot.addresses(family, snapshots);
    var told = subjects(subjects);
    var chains = new ArrayList<Map<PodChains, List<Integer>>>();
    for (var snapshot : snapshots) {
      var known = byChains(snapshot, told);
      chains.add(known);
      known.keySet().stream()
          .flatMap(ofPod -> ofPod.sets().stream())
          .filter(set -> set.family() == family)
          .map(snapshot::set)
          .forEach(sets::add);
    }
    var cuts = new ArrayList<>(asked.stream().filter(range -> range.family() == family).toList());
    sets.forEach(set -> cuts.addAll(ranges(set)));
    this.gaps = new Gaps(family, cuts);
    this.gapParts = new Partition(gaps.size());
    sets.forEach(set -> gapParts.split(gaps.within(ranges(set))));
    asked.stream()
        .filter(range -> range.family() == family)
        .forEach(range -> gapParts.split(gaps.within(List.of(range))));
    this.classOf = new int[addresses.size() + gaps.size()];
    number(partition(told, chains));
    told.forEach(item -> this.subjects.add(classOf[item]));
    classes.stream()
        .filter(peers -> peers instanceof PeerClass.Outside)
        .forEach(peers -> this.subjects.add(peers.index()));
  }

  private List<Integer> subjects(Predicate<IpAddress> subjects) {
    var numbers = new ArrayList<Integer>();
    for (var number = 0; number < addresses.size(); number++) {
      if (subjects.test(addresses.get(number))) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  private static List<IpRange> ranges(SetContent set) {
    return switch (set.id().kind()) {
      case NETWORKS ->
          set.elements().stream().map(element -> ((Element.Network) element).range()).toList();
      case HOSTS, HOST_PORTS -> List.of();
    };
  }

  private Partition partition(List<Integer> subjects, List<Map<PodChains, List<Integer>>> chains) {
    var partition = new Partition(classOf.length);
    var own = new ArrayList<Integer>();
    for (var item = 0; item < classOf.length; item++) {
      partition.begin(item, gapParts.part(gapOf(item)));
      if (item < addresses.size()) {
        own.add(item);
      }
    }
    partition.split(own);
    partition.split(subjects);
    for (var known : chains) {
      known.values().forEach(partition::split);
    }
    for (var set : sets) {
      switch (set.id().kind()) {
        case NETWORKS -> {} // in the parts of the gaps
        case HOSTS -> partition.split(hosts(set));
        case HOST_PORTS -> byPort(set).values().forEach(partition::split);
      }
    }
    return partition;
  }

  private int gapOf(int item) {
    return item < addresses.size() ? gaps.at(addresses.get(item)) : item - addresses.size();
  }

  private Map<PodChains, List<Integer>> byChains(Snapshot snapshot, List<Integer> subjects) {
    var all = new IdentityHashMap<PodChains, List<Integer>>();
    for (var item : subjects) {
      var found = snapshot.chains(addresses.get(item));
      if (found.isPresent()) {
        all.computeIfAbsent(found.get(), _ -> new ArrayList<>()).add(item);
      }
    }
    return all;
  }

  private List<Integer> hosts(SetContent set) {
    var hosts = new ArrayList<Integer>(set.elements().size());
    for (var element : set.elements()) {
      hosts.add(addresses.number(((Element.Host) element).address()));
    }
    return hosts;
  }

  /** Returns the items of a set of named ports, by the port (N9). */
  private Map<Integer, List<Integer>> byPort(SetContent set) {
    var all = new HashMap<Integer, List<Integer>>();
    for (var element : set.elements()) {
      var member = (Element.HostPort) element;
      var code = PortSet.first(PortRange.of(member.protocol(), member.port()));
      all.computeIfAbsent(code, _ -> new ArrayList<>()).add(addresses.number(member.address()));
    }
    return all;
  }

  /** Numbers the classes in the order of their first addresses, those of pods and nodes first. */
  private void number(Partition partition) {
    var numbers = new int[partition.bound()];
    Arrays.fill(numbers, -1);
    var hosts = new ArrayList<List<IpAddress>>();
    for (var item = 0; item < addresses.size(); item++) {
      var part = partition.part(item);
      if (numbers[part] < 0) {
        numbers[part] = hosts.size();
        hosts.add(new ArrayList<>());
      }
      var number = numbers[part];
      hosts.get(number).add(addresses.get(item));
      put(item, number);
    }
    hosts.forEach(all -> classes.add(new PeerClass.Known(classes.size(), all)));
    var ranges = new ArrayList<List<IpRange>>();
    var free = new ArrayList<IpAddress>();
    for (var gap = 0; gap < gaps.size(); gap++) {
      var first = gaps.firstFree(gap, addresses);
      if (first.isEmpty()) {
        continue;
      }
      var item = addresses.size() + gap;
      var part = partition.part(item);
      if (numbers[part] < 0) {
        numbers[part] = hosts.size() + ranges.size();
        ranges.add(new ArrayList<>());
        free.add(first.get());
      }
      var number = numbers[part];
      ranges.get(number - hosts.size()).add(gaps.range(gap));
      put(item, number);
    }
    for (var i = 0; i < ranges.size(); i++) {
      classes.add(new PeerClass.Outside(classes.size(), free.get(i), IpRange.merge(ranges.get(i))));
    }
  }

  private void put(int item, int number) {
    classOf[item] = number;
    byGapPart.computeIfAbsent(gapParts.part(gapOf(item)), _ -> new RoaringBitmap()).add(number);
  }

  Family family() {
    return family;
  }

  List<PeerClass> classes() {
    return Collections.unmodifiableList(classes);
  }

  PeerClass classOf(IpAddress address) {
    var item = addresses.number(address);
    return classes.get(classOf[item < 0 ? addresses.size() + gaps.at(address) : item]);
  }

  /** Returns the numbers of all classes. */
  RoaringBitmap all() {
    return RoaringBitmap.bitmapOfRange(0, classes.size());
  }

  /** Returns the classes of which it may be asked what their own chains decide. */
  RoaringBitmap subjects() {
    return subjects;
  }

  /** Returns the classes in a set of one of the snapshots. */
  PeerSet members(SetContent set) {
    var found = members.get(set);
    if (found == null) {
      found = found(set);
      members.put(set, found);
    }
    return found;
  }

  private PeerSet found(SetContent set) {
    return switch (set.id().kind()) {
      case HOSTS -> new PeerSet.OnAnyPort(numbers(hosts(set)));
      case NETWORKS -> {
        var all = new RoaringBitmap();
        gaps.within(ranges(set)).stream()
            .map(gapParts::part)
            .distinct()
            .map(part -> byGapPart.getOrDefault(part, new RoaringBitmap()))
            .forEach(all::or);
        yield new PeerSet.OnAnyPort(all);
      }
      case HOST_PORTS -> {
        var ports = new HashMap<Integer, RoaringBitmap>();
        byPort(set).forEach((code, members) -> ports.put(code, numbers(members)));
        yield new PeerSet.OnPorts(ports);
      }
    };
  }

  private RoaringBitmap numbers(List<Integer> members) {
    var all = new RoaringBitmap();
    members.forEach(item -> all.add(classOf[item]));
    return all;
  }
}
