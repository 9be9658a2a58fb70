package io.portcullis.policy.reach;

import io.portcullis.net.IpRange;
import io.portcullis.policy.reach.Census.Resident;
import io.portcullis.policy.reach.Row.Effect;
import io.portcullis.policy.reach.RowCollector.Happening;
import io.portcullis.policy.reach.RowCollector.Side;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Flows of one family between parties, from what is decided between classes. A class may have pods
 * of several parties, and a party pods of several classes.
 */
final class FamilyRows {
  private final PeerSpace space;
  private final Reachability now;
  private final Reachability before;
  private final Judge judge;
  private final Parties sources;
  private final Parties destinations;
  private final RowCollector rows;
  private final Neighbours neighbours;
  private final Map<OutsideKey, Networks> outside = new LinkedHashMap<>();

  /** Tells what happens on which ports. */
  interface Judge {
    List<Happening> happenings(List<Part> now, List<Part> before);
  }

  /** Pods of one class and party, whose flows to or from networks are collected. */
  private record OutsideKey(
      boolean incoming, int pods, Party party, Effect effect, PortSet ports) {}

  private record Networks(List<IpRange> ranges, Happening happening, List<String> members) {
    void add(PeerClass.Outside network, Happening also) {
      ranges.addAll(network.ranges());
      happening.now().addAll(also.now());
      happening.before().addAll(also.before());
    }
  }

  FamilyRows(
      PeerSpace space,
      Reachability now,
      Reachability before,
      Judge judge,
      Parties sources,
      Parties destinations,
      RowCollector rows) {
    this.space = space;
    this.now = now;
    this.before = before;
    this.judge = judge;
    this.sources = sources;
    this.destinations = destinations;
    this.rows = rows;
    this.neighbours = new Neighbours(space, now.snapshot());
  }

  /** Adds the flows from one class to another. */
  void add(PeerClass source, PeerClass destination) {
    if (!sources.isAsked(source) || !destinations.isAsked(destination)) {
      return;
    }
    var parts = now.parts(source, destination);
    var happenings =
        judge.happenings(parts, before == now ? parts : before.parts(source, destination));
    if (happenings.isEmpty()) {
      return;
    }
    switch (source) {
      case PeerClass.Outside network -> addOutside(network, destination, true, happenings);
      case PeerClass.Known _ -> {
        switch (destination) {
          case PeerClass.Outside network -> addOutside(network, source, false, happenings);
          case PeerClass.Known _ ->
              sources
                  .in(source)
                  .forEach(
                      (_, some) ->
                          destinations
                              .in(destination)
                              .forEach((_, others) -> add(some, others, happenings)));
        }
      }
    }
  }

  private void add(List<Resident> some, List<Resident> others, List<Happening> happenings) {
    var sending = neighbours.meeting(some, others);
    var receiving = neighbours.meeting(others, some);
    if (!sending.isEmpty()) {
      for (var happening : happenings) {
        rows.add(space.family(), side(some, sending), side(others, receiving), happening);
      }
    }
  }

  /** A pod's own node is decided apart, and is yet one of the nodes that all decide alike. */
  private static Side side(List<Resident> all, List<Resident> taking) {
    return side(all.getFirst().pod().isPresent() ? taking : all);
  }

  private static Side side(List<Resident> residents) {
    var names = new HashSet<String>();
    residents.forEach(resident -> names.add(resident.name()));
    return new Side(residents.getFirst().party(), names);
  }

  private void addOutside(
      PeerClass.Outside network, PeerClass pods, boolean incoming, List<Happening> happenings) {
    (incoming ? destinations : sources)
        .in(pods)
        .forEach(
            (party, residents) -> {
              if (residents.getFirst().pod().isEmpty()) {
                return;
              }
              for (var happening : happenings) {
                outside
                    .computeIfAbsent(
                        new OutsideKey(
                            incoming, pods.index(), party, happening.effect(), happening.ports()),
                        _ ->
                            new Networks(
                                new ArrayList<>(),
                                new Happening(
                                    happening.effect(),
                                    happening.ports(),
                                    new ArrayList<>(),
                                    new ArrayList<>()),
                                residents.stream().map(Resident::name).distinct().toList()))
                    .add(network, happening);
              }
            });
  }

  /**
   * Adds the flows of a class to its pods' own nodes (T5), and to the pods themselves through a
   * service (A12).
   */
  void addOwn(PeerClass pods) {
    for (var residents : sources.in(pods).values()) {
      if (residents.getFirst().pod().isPresent()) {
        addToOwnNodes(pods, residents);
        addThroughService(pods, residents);
      }
    }
  }

  private void addToOwnNodes(PeerClass pods, List<Resident> residents) {
    neighbours
        .byOwnNode(residents, destinations.asked())
        .forEach(
            (node, some) ->
                judge
                    .happenings(now.toOwnNode(pods, node), before.toOwnNode(pods, node))
                    .forEach(
                        happening ->
                            rows.add(
                                space.family(),
                                side(some),
                                new Side(new Party.OwnNode(), List.of()),
                                happening)));
  }

  private void addThroughService(PeerClass pods, List<Resident> residents) {
    var both =
        residents.stream()
            .filter(one -> destinations.asked().has(one.address(), one.pod()))
            .toList();
    if (both.isEmpty()) {
      return;
    }
    var parts = now.throughService(pods);
    if (before == now && parts.stream().allMatch(Part::allowed)) {
      return; // as it is for most pods
    }
    for (var happening : judge.happenings(parts, before.throughService(pods))) {
      rows.add(
          space.family(),
          side(both),
          new Side(new Party.ItselfThroughService(), List.of()),
          happening);
    }
  }

  /** Adds the flows to and from networks, after all classes have been added. */
  void finish() {
    outside.forEach(
        (key, networks) -> {
          var words = new Party.Outside(NetworkWords.of(networks.ranges()));
          var side = new Side(words, List.of());
          var pods = new Side(key.party(), networks.members());
          rows.add(
              space.family(),
              key.incoming() ? side : pods,
              key.incoming() ? pods : side,
              networks.happening());
        });
    outside.clear();
  }
}
