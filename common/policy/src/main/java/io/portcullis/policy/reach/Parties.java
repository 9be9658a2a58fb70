package io.portcullis.policy.reach;

import io.portcullis.policy.reach.Census.Resident;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/** The parties in classes, as far as they are asked about as one end of flows. */
final class Parties {
  private final Census census;
  private final Ends asked;
  private final Map<Integer, Map<Party, List<Resident>>> known = new HashMap<>();

  Parties(Census census, Ends asked) {
    this.census = census;
    this.asked = asked;
  }

  Ends asked() {
    return asked;
  }

  /** Returns those who live at addresses of a class and are asked about; nobody for networks. */
  Map<Party, List<Resident>> in(PeerClass peers) {
    return known.computeIfAbsent(peers.index(), _ -> find(peers));
  }

  private Map<Party, List<Resident>> find(PeerClass peers) {
    return switch (peers) {
      case PeerClass.Outside _ -> Map.of();
      case PeerClass.Known(_, var addresses) -> {
        var byParty = new TreeMap<Party, List<Resident>>();
        for (var address : addresses) {
          for (var resident : census.at(address)) {
            if (asked.has(address, resident.pod())) {
              byParty.computeIfAbsent(resident.party(), _ -> new ArrayList<>()).add(resident);
            }
          }
        }
        yield byParty;
      }
    };
  }

  /** Tells whether anybody of the class is asked about. */
  boolean isAsked(PeerClass peers) {
    return switch (peers) {
      case PeerClass.Known _ -> !in(peers).isEmpty();
      case PeerClass.Outside network -> asked.has(network.first(), Optional.empty());
    };
  }

  /** Returns the numbers of all classes of which anybody is asked about. */
  RoaringBitmap classes(PeerSpace space) {
    var all = new RoaringBitmap();
    space.classes().stream().filter(this::isAsked).forEach(peers -> all.add(peers.index()));
    return all;
  }
}
