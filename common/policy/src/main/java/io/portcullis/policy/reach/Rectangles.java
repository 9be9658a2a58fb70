package io.portcullis.policy.reach;

import io.portcullis.policy.reach.Row.Effect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/**
 * What is opened and closed between classes, as sets of sources and sets of destinations. For each
 * destination the sources with the same effect on the same ports are one set; destinations with the
 * same set are one too.
 */
final class Rectangles {
  private final Map<Key, RoaringBitmap> destinations = new LinkedHashMap<>();

  private record Key(Effect effect, PortSet ports, RoaringBitmap sources) {}

  /** All pairs of some sources and some destinations. */
  record Rectangle(
      Effect effect, PortSet ports, RoaringBitmap sources, RoaringBitmap destinations) {
    private long pairs() {
      return sources.getLongCardinality() * destinations.getLongCardinality();
    }
  }

  private record Happening(Effect effect, PortSet ports) {}

  /** Orders rectangles by effect, those with the most pairs first. */
  private static final Comparator<Rectangle> ORDER =
      Comparator.comparing(Rectangle::effect)
          .thenComparing(Comparator.comparing(Rectangle::pairs).reversed())
          .thenComparing(Rectangle::ports)
          .thenComparing(all -> all.sources().first())
          .thenComparing(all -> all.destinations().first());

  /** Adds the sources of these destinations. */
  void add(RoaringBitmap destinations, Map<PortChange, RoaringBitmap> column) {
    var sources = new HashMap<Happening, RoaringBitmap>();
    column.forEach(
        (ports, from) -> {
          add(sources, new Happening(Effect.OPENED, ports.opened()), from);
          add(sources, new Happening(Effect.CLOSED, ports.closed()), from);
        });
    sources.forEach(
        (happening, from) -> {
          from.removeRunCompression();
          from.runOptimize(); // equal sets have the same small form now
          this.destinations
              .computeIfAbsent(
                  new Key(happening.effect(), happening.ports(), from), _ -> new RoaringBitmap())
              .or(destinations);
        });
  }

  private static void add(
      Map<Happening, RoaringBitmap> to, Happening happening, RoaringBitmap from) {
    if (!happening.ports().isEmpty() && !from.isEmpty()) {
      to.computeIfAbsent(happening, _ -> new RoaringBitmap()).or(from);
    }
  }

  /** Returns the rectangles in order. */
  List<Rectangle> all() {
    var all = new ArrayList<Rectangle>(destinations.size());
    destinations.forEach(
        (key, to) -> all.add(new Rectangle(key.effect(), key.ports(), key.sources(), to)));
    all.sort(ORDER);
    return all;
  }

  /** Returns the destinations by each source. */
  Map<Integer, RoaringBitmap> bySource() {
    var pairs = new TreeMap<Integer, RoaringBitmap>();
    destinations.forEach(
        (key, to) -> {
          for (int source : key.sources()) {
            pairs.computeIfAbsent(source, _ -> new RoaringBitmap()).or(to);
          }
        });
    return pairs;
  }
}
