package io.portcullis.policy.reach;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.net.IpRange;
import io.portcullis.policy.reach.RowCollector.Happening;
import io.portcullis.policy.reach.RowCollector.Side;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is opened and closed for parties whose pods came, went or moved. Their pods cannot be
 * compared one by one, so the question is what any pod of the party can do now, and could before.
 */
final class Turnover {
  private final PeerSpace space;
  private final Reachability before;
  private final Reachability now;
  private final RowCollector rows;
  private final Census censusBefore;
  private final Census censusNow;
  private final Set<Party> changed;
  private final Map<Key, Flows> flows = new TreeMap<>();
  private final Map<String, Networks> outside = new TreeMap<>();

  /**
   * Two ends; the number of a class stands for networks.
   *
   * @param network the class of networks at one end, or -1
   */
  private record Key(Party source, Party destination, int network) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      var bySource = source.compareTo(other.source);
      var byEnds = bySource != 0 ? bySource : destination.compareTo(other.destination);
      return byEnds != 0 ? byEnds : Integer.compare(network, other.network);
    }
  }

  /** Flows between some members of two parties. */
  private record Some(List<Part> parts, Set<String> sources, Set<String> destinations) {}

  private record Flows(List<Some> before, List<Some> now) {
    Flows() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  /** Networks to or from which the same happens. */
  private record Networks(Key key, List<IpRange> ranges, Happening happening, Side pods) {}

  /**
   * @param changed the parties whose pods came, went or moved
   */
  Turnover(
      PeerSpace space,
      Snapshot before,
      Snapshot now,
      Level level,
      Set<Party> changed,
      RowCollector rows) {
    this.space = space;
    this.before = new Reachability(space, before);
    this.now = new Reachability(space, now);
    this.rows = rows;
    this.censusBefore = new Census(level, before);
    this.censusNow = new Census(level, now);
    this.changed = changed;
  }

  /** Returns the parties of whose pods one is at an address in one snapshot only. */
  static Set<Party> parties(Snapshot before, Snapshot now, Level level) {
    var changed = new HashSet<Party>();
    if (now.hasPodsOf(before)) {
      return changed;
    }
    addMoved(before, now, level, changed);
    addMoved(now, before, level, changed);
    return changed;
  }

  private static void addMoved(Snapshot one, Snapshot other, Level level, Set<Party> changed) {
    one.pods()
        .forEach(
            (address, pod) -> {
              var there = other.pod(address).filter(p -> p == pod || isSame(p, pod, level));
              if (there.isEmpty()) {
                changed.add(new Party.Pods(level.name(pod)));
              }
            });
  }

  private static boolean isSame(Pod one, Pod other, Level level) {
    return one.key().equals(other.key()) && level.name(one).equals(level.name(other));
  }

  void add() {
    collect(before, censusBefore, Flows::before);
    collect(now, censusNow, Flows::now);
    flows.forEach(this::compare);
    finish();
  }

  private interface State {
    List<Some> of(Flows flows);
  }

  private void collect(Reachability engine, Census census, State state) {
    var groups = new ArrayList<Map<Party, Set<String>>>();
    space.classes().forEach(peers -> groups.add(groups(peers, census)));
    for (var source : space.classes()) {
      for (var destination : space.classes()) {
        var from = groups.get(source.index());
        var to = groups.get(destination.index());
        if (from.keySet().stream().anyMatch(changed::contains)
            || to.keySet().stream().anyMatch(changed::contains)) {
          collect(engine, source, destination, from, to, state);
        }
      }
    }
  }

  private static Map<Party, Set<String>> groups(PeerClass peers, Census census) {
    return switch (peers) {
      case PeerClass.Outside _ -> Map.of(new Party.Outside(""), Set.of());
      case PeerClass.Known(_, var addresses) -> {
        var groups = new TreeMap<Party, Set<String>>();
        for (var address : addresses) {
          for (var one : census.at(address)) {
            groups.computeIfAbsent(one.party(), _ -> new HashSet<>()).add(one.name());
          }
        }
        yield groups;
      }
    };
  }

  private void collect(
      Reachability engine,
      PeerClass source,
      PeerClass destination,
      Map<Party, Set<String>> from,
      Map<Party, Set<String>> to,
      State state) {
    var parts = engine.parts(source, destination);
    var network =
        source instanceof PeerClass.Outside
            ? source.index()
            : destination instanceof PeerClass.Outside ? destination.index() : -1;
    from.forEach(
        (sender, senders) ->
            to.forEach(
                (receiver, receivers) -> {
                  if ((changed.contains(sender) || changed.contains(receiver))
                      && !(source == destination
                          && senders.size() == 1
                          && senders.equals(receivers))) {
                    state
                        .of(
                            flows.computeIfAbsent(
                                new Key(sender, receiver, network), _ -> new Flows()))
                        .add(new Some(parts, senders, receivers));
                  }
                }));
  }

  private void compare(Key key, Flows of) {
    var partsNow = parts(of.now());
    var partsBefore = parts(of.before());
    for (var happening : Happening.between(partsNow, partsBefore)) {
      var some =
          switch (happening.effect()) {
            case OPENED, ALLOWED -> of.now();
            case CLOSED -> of.before();
          };
      var sources = new HashSet<String>();
      var destinations = new HashSet<String>();
      for (var one : some) {
        if (!Reachability.allowed(one.parts()).and(happening.ports()).isEmpty()) {
          sources.addAll(one.sources());
          destinations.addAll(one.destinations());
        }
      }
      var from = new Side(key.source(), sources);
      var to = new Side(key.destination(), destinations);
      if (key.network() < 0) {
        rows.add(space.family(), from, to, happening);
      } else {
        addNetwork(key, happening, key.source() instanceof Party.Outside ? to : from);
      }
    }
  }

  private static List<Part> parts(List<Some> some) {
    return some.stream().flatMap(one -> one.parts().stream()).distinct().toList();
  }

  private void addNetwork(Key key, Happening happening, Side pods) {
    var ranges = ((PeerClass.Outside) space.classes().get(key.network())).ranges();
    outside
        .computeIfAbsent(
            key.source() + " " + key.destination() + " " + happening.effect() + happening.ports(),
            _ -> new Networks(key, new ArrayList<>(), happening, pods))
        .ranges()
        .addAll(ranges);
  }

  private void finish() {
    for (var networks : outside.values()) {
      var side = new Side(new Party.Outside(NetworkWords.of(networks.ranges())), Set.of());
      var incoming = networks.key().source() instanceof Party.Outside;
      rows.add(
          space.family(),
          incoming ? side : networks.pods(),
          incoming ? networks.pods() : side,
          networks.happening());
    }
  }
}
