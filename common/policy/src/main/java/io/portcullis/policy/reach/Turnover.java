package io.portcullis.policy.reach;

import io.portcullis.net.IpRange;
import io.portcullis.policy.reach.Census.Resident;
import io.portcullis.policy.reach.RowCollector.Happening;
import io.portcullis.policy.reach.RowCollector.Side;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is opened and closed for parties whose pods came, went or moved. Their pods cannot be
 * compared one by one, so the question is what any pod of the party can do now, and could before.
 */
final class Turnover {
  private final PeerSpace space;
  private final State before;
  private final State now;
  private final RowCollector rows;
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
    this.before = State.of(space, before, level, Flows::before);
    this.now = State.of(space, now, level, Flows::now);
    this.rows = rows;
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
              var there = other.pod(address).filter(p -> Census.isSame(level, p, pod));
              if (there.isEmpty()) {
                changed.add(new Party.Pods(level.name(pod)));
              }
            });
  }

  void add() {
    collect(before);
    collect(now);
    flows.forEach(this::compare);
    finish();
  }

  private interface Of {
    List<Some> flows(Flows both);
  }

  /** One of both states. */
  private record State(Reachability engine, Parties parties, Neighbours neighbours, Of of) {
    static State of(PeerSpace space, Snapshot snapshot, Level level, Of of) {
      return new State(
          new Reachability(space, snapshot),
          new Parties(new Census(level, snapshot), Ends.ALL),
          new Neighbours(space, snapshot),
          of);
    }

    Map<Party, List<Resident>> in(PeerClass peers) {
      return switch (peers) {
        case PeerClass.Outside _ -> Map.of(new Party.Outside(""), List.of());
        case PeerClass.Known _ -> parties.in(peers);
      };
    }
  }

  private void collect(State state) {
    for (var source : space.classes()) {
      for (var destination : space.classes()) {
        var from = state.in(source);
        var to = state.in(destination);
        if (from.keySet().stream().anyMatch(changed::contains)
            || to.keySet().stream().anyMatch(changed::contains)) {
          collect(state, source, destination);
        }
      }
      state.in(source).forEach((party, pods) -> collectOwn(state, source, party, pods));
    }
  }

  private void collect(State state, PeerClass source, PeerClass destination) {
    var parts = state.engine().parts(source, destination);
    var network =
        source instanceof PeerClass.Outside
            ? source.index()
            : destination instanceof PeerClass.Outside ? destination.index() : -1;
    state
        .in(source)
        .forEach(
            (sender, senders) ->
                state
                    .in(destination)
                    .forEach(
                        (receiver, receivers) -> {
                          if (changed.contains(sender) || changed.contains(receiver)) {
                            var sending = meeting(state, senders, receivers);
                            var receiving = meeting(state, receivers, senders);
                            if (network >= 0 || !sending.isEmpty()) {
                              put(
                                  state,
                                  new Key(sender, receiver, network),
                                  new Some(parts, sending, receiving));
                            }
                          }
                        }));
  }

  private static Set<String> meeting(State state, List<Resident> some, List<Resident> others) {
    if (some.isEmpty() || others.isEmpty()) {
      return names(some); // the others are networks
    }
    var met = state.neighbours().meeting(some, others);
    return names(met.isEmpty() || met.getFirst().pod().isPresent() ? met : some);
  }

  private static Set<String> names(List<Resident> residents) {
    return residents.stream().map(Resident::name).collect(Collectors.toSet());
  }

  private void put(State state, Key key, Some some) {
    state.of().flows(flows.computeIfAbsent(key, _ -> new Flows())).add(some);
  }

  /** Collects what pods send to their own nodes (T5), and to themselves through a service (A12). */
  private void collectOwn(State state, PeerClass peers, Party party, List<Resident> pods) {
    if (!changed.contains(party)) {
      return;
    }
    var engine = state.engine();
    state
        .neighbours()
        .byOwnNode(pods, Ends.ALL)
        .forEach(
            (node, some) ->
                put(
                    state,
                    new Key(party, new Party.OwnNode(), -1),
                    new Some(engine.toOwnNode(peers, node), names(some), Set.of())));
    put(
        state,
        new Key(party, new Party.ItselfThroughService(), -1),
        new Some(engine.throughService(peers), names(pods), Set.of()));
  }

  private void compare(Key key, Flows of) {
    if (key.destination() instanceof Party.ItselfThroughService
        && (of.before().isEmpty() || of.now().isEmpty())) {
      return; // that new pods reach themselves is not worth a line
    }
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
