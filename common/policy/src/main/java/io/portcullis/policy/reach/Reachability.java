package io.portcullis.policy.reach;

import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.rules.PodChains;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.roaringbitmap.RoaringBitmap;

/**
 * Decides all flows between classes of addresses, in one snapshot. The verdicts of a chain are
 * computed when they are first needed, and kept.
 */
final class Reachability {
  private final PeerSpace space;
  private final Snapshot snapshot;
  private final Map<TrafficPath, RoaringBitmap> asked = new EnumMap<>(TrafficPath.class);
  private final Map<TrafficPath, Map<PodChains, PathVerdicts>> known =
      new EnumMap<>(TrafficPath.class);

  /** Makes an engine for questions about all classes. */
  Reachability(PeerSpace space, Snapshot snapshot) {
    this(space, snapshot, space.all(), space.all());
  }

  /**
   * Makes an engine for questions about some classes.
   *
   * @param sources the classes that are asked about as sources
   * @param destinations the classes that are asked about as destinations
   */
  Reachability(
      PeerSpace space, Snapshot snapshot, RoaringBitmap sources, RoaringBitmap destinations) {
    this.space = space;
    this.snapshot = snapshot;
    asked.put(TrafficPath.INGRESS, sources);
    asked.put(TrafficPath.EGRESS, destinations);
  }

  Snapshot snapshot() {
    return snapshot;
  }

  PeerSpace space() {
    return space;
  }

  /** Returns the verdicts on a path of an address, which are those of its whole class. */
  PathVerdicts verdicts(IpAddress address, TrafficPath path) {
    return snapshot
        .chains(address)
        .map(chains -> verdicts(chains, path))
        .orElseGet(() -> PathVerdicts.nobody(asked.get(path))); // T1
  }

  private PathVerdicts verdicts(PodChains chains, TrafficPath path) {
    return known
        .computeIfAbsent(path, _ -> new IdentityHashMap<>())
        .computeIfAbsent(
            chains, _ -> PathVerdicts.of(space, snapshot, chains, path, asked.get(path)));
  }

  /**
   * Returns all ports with what decides at both ends, for two different addresses of these classes
   * of which neither is the own node of the other (T5).
   */
  List<Part> parts(PeerClass source, PeerClass destination) {
    return parts(
        decided(verdicts(source.first(), TrafficPath.EGRESS), destination),
        decided(verdicts(destination.first(), TrafficPath.INGRESS), source));
  }

  /** Returns all ports likewise, for pods of a class and addresses of their own nodes (T5). */
  List<Part> toOwnNode(PeerClass pods, PeerClass nodes) {
    return parts(decided(alone(pods, TrafficPath.TO_OWN_NODE, nodes), nodes), List.of(EVERYTHING));
  }

  /** Returns all ports likewise, for what a service sends back to the pod that sent it (A12). */
  List<Part> throughService(PeerClass pods) {
    return parts(
        unrestricted(decided(alone(pods, TrafficPath.EGRESS, pods), pods)),
        unrestricted(decided(alone(pods, TrafficPath.INGRESS, pods), pods)));
  }

  /** Returns the verdicts on a path for one class of peers, whatever is asked about. */
  private PathVerdicts alone(PeerClass pods, TrafficPath path, PeerClass peer) {
    return verdicts(snapshot.chains(pods.first()), path, RoaringBitmap.bitmapOf(peer.index()));
  }

  /** Returns the verdicts of chains for some classes of peers, whatever is asked about. */
  PathVerdicts verdicts(Optional<PodChains> chains, TrafficPath path, RoaringBitmap peers) {
    return chains
        .map(found -> PathVerdicts.of(space, snapshot, found, path, peers))
        .orElseGet(() -> PathVerdicts.nobody(peers)); // T1
  }

  /** Returns all ports of any two addresses. From an address to itself means without a service. */
  List<Part> parts(IpAddress source, IpAddress destination) {
    var free = List.of(new Part(PortSet.EVERYTHING, Decider.NOBODY, Decider.NOBODY));
    var from = space.classOf(source);
    var to = space.classOf(destination);
    if (source.equals(destination)) {
      return free; // T4
    }
    if (snapshot.isOwnNode(source, destination)) {
      return toOwnNode(from, to); // T5
    }
    if (snapshot.isOwnNode(destination, source)) {
      return free; // T5; a node has no policy of its own
    }
    return parts(from, to);
  }

  /** Returns all ports likewise, for what a service sends back to the pod of this address. */
  List<Part> throughService(IpAddress pod) {
    return throughService(space.classOf(pod));
  }

  /** Returns what decides a flow at both ends. */
  Part part(Flow flow) {
    return parts(flow.source(), flow.destination()).stream()
        .filter(part -> part.ports().contains(flow.port()))
        .findFirst()
        .orElseThrow();
  }

  /** An interval of ports, and what decides for one peer. */
  private record Interval(int end, Decider decider) {}

  private static final Interval EVERYTHING = new Interval(PortSet.END, Decider.NOBODY);

  private static List<Interval> decided(PathVerdicts verdicts, PeerClass peer) {
    return verdicts.slots().stream()
        .map(slot -> new Interval(slot.end(), slot.decider(peer.index())))
        .toList();
  }

  /** Takes away what NetworkPolicies restrict (T4). */
  private static List<Interval> unrestricted(List<Interval> intervals) {
    return intervals.stream()
        .map(
            interval ->
                switch (interval.decider()) {
                  case Decider.Isolated _ -> new Interval(interval.end(), Decider.NOBODY);
                  case Decider.ByRule _, Decider.Nobody _ -> interval;
                })
        .toList();
  }

  private static List<Part> parts(List<Interval> egress, List<Interval> ingress) {
    record Deciders(Decider egress, Decider ingress) {}
    var ports = new LinkedHashMap<Deciders, PortSet>();
    var from = 0;
    var out = 0;
    var in = 0;
    while (from < PortSet.END) {
      var end = Math.min(egress.get(out).end(), ingress.get(in).end());
      ports.merge(
          new Deciders(egress.get(out).decider(), ingress.get(in).decider()),
          PortSet.between(from, end),
          PortSet::or);
      out += egress.get(out).end() == end ? 1 : 0;
      in += ingress.get(in).end() == end ? 1 : 0;
      from = end;
    }
    var parts = new ArrayList<Part>(ports.size());
    ports.forEach((by, set) -> parts.add(new Part(set, by.egress(), by.ingress())));
    return parts;
  }

  /** Returns the ports on which the parts allow. */
  static PortSet allowed(List<Part> parts) {
    return parts.stream()
        .filter(Part::allowed)
        .map(Part::ports)
        .reduce(PortSet.NOTHING, PortSet::or);
  }
}
