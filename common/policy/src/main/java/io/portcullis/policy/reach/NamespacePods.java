package io.portcullis.policy.reach;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * Counts open pairs of pods of one family by their namespaces, from classes of destinations and
 * their sources. Only the counts of one destination at a time are held.
 */
final class NamespacePods {
  private final PeerSpace space;
  private final List<String> names;
  private final Map<String, Integer> numbers = new HashMap<>();

  /** The pods of each class by the numbers of their namespaces. */
  private final Tally sending;

  private final Tally receiving;

  /** The pods that are asked about at both ends. */
  private final Tally both;

  /** The open pairs by the number of the destination's namespace. */
  private final Map<Integer, List<Open>> open = new TreeMap<>();

  /** Some destinations, each with the same sources. */
  private record Open(RoaringBitmap sources, RoaringBitmap destinations) {}

  /** How many pods of which namespaces there are in which classes. */
  private record Tally(List<Map<Integer, Integer>> byClass, long[] all) {
    static Tally of(int classes, int namespaces) {
      var byClass = new ArrayList<Map<Integer, Integer>>();
      for (var i = 0; i < classes; i++) {
        byClass.add(Map.of());
      }
      return new Tally(byClass, new long[namespaces]);
    }

    void add(int peers, int namespace) {
      if (byClass.get(peers).isEmpty()) {
        byClass.set(peers, Map.of(namespace, 1));
      } else {
        var several = new HashMap<>(byClass.get(peers));
        several.merge(namespace, 1, Integer::sum);
        byClass.set(peers, several);
      }
      all[namespace]++;
    }

    RoaringBitmap classes() {
      var classes = new RoaringBitmap();
      for (var i = 0; i < byClass.size(); i++) {
        if (!byClass.get(i).isEmpty()) {
          classes.add(i);
        }
      }
      return classes;
    }
  }

  NamespacePods(PeerSpace space, Snapshot snapshot, Ends from, Ends to) {
    this.space = space;
    var known = new TreeSet<String>();
    snapshot.pods().values().forEach(pod -> known.add(pod.key().namespace()));
    this.names = List.copyOf(known);
    names.forEach(name -> numbers.put(name, numbers.size()));
    var classes = space.classes().size();
    this.sending = Tally.of(classes, names.size());
    this.receiving = Tally.of(classes, names.size());
    this.both = Tally.of(classes, names.size());
    for (var peers : space.classes()) {
      if (peers instanceof PeerClass.Known(var number, var addresses)) {
        for (var address : addresses) {
          snapshot.pod(address).ifPresent(pod -> add(number, address, pod, from, to));
        }
      }
    }
  }

  private void add(int peers, IpAddress address, Pod pod, Ends from, Ends to) {
    var namespace = numbers.get(pod.key().namespace());
    var sends = from.has(address, Optional.of(pod));
    var receives = to.has(address, Optional.of(pod));
    if (sends) {
      sending.add(peers, namespace);
    }
    if (receives) {
      receiving.add(peers, namespace);
    }
    if (sends && receives) {
      both.add(peers, namespace);
    }
  }

  /** Returns the classes with pods that are asked about as sources. */
  RoaringBitmap sources() {
    return sending.classes();
  }

  /** Returns the classes with pods that are asked about as destinations. */
  RoaringBitmap destinations() {
    return receiving.classes();
  }

  /** Takes in that all these sources reach all these destinations. */
  void add(RoaringBitmap sources, RoaringBitmap destinations) {
    if (sources.isEmpty()) {
      return;
    }
    sources.runOptimize();
    var byNamespace = new HashMap<Integer, RoaringBitmap>();
    for (int peers : destinations) {
      for (var namespace : receiving.byClass().get(peers).keySet()) {
        byNamespace.computeIfAbsent(namespace, _ -> new RoaringBitmap()).add(peers);
      }
    }
    byNamespace.forEach(
        (namespace, classes) ->
            open.computeIfAbsent(namespace, _ -> new ArrayList<>())
                .add(new Open(sources, classes)));
  }

  /** Uses the count of each two namespaces between which a pair is open. */
  void forEach(Consumer<PodCount> use) {
    open.forEach(
        (destination, all) -> {
          var pairs = new long[names.size()];
          all.forEach(one -> count(one, destination, pairs));
          for (var source = 0; source < pairs.length; source++) {
            if (pairs[source] > 0) {
              use.accept(
                  new PodCount(
                      space.family(),
                      names.get(source),
                      names.get(destination),
                      pairs[source],
                      sending.all()[source] * receiving.all()[destination]
                          - (source == destination ? both.all()[source] : 0)));
            }
          }
        });
  }

  private void count(Open of, int destination, long[] pairs) {
    var pods = 0L;
    for (int peers : of.destinations()) {
      pods += receiving.byClass().get(peers).get(destination);
      if (of.sources().contains(peers)) {
        pairs[destination] -= both.byClass().get(peers).getOrDefault(destination, 0); // T4
      }
    }
    for (int peers : of.sources()) {
      for (var from : sending.byClass().get(peers).entrySet()) {
        pairs[from.getKey()] += from.getValue() * pods;
      }
    }
  }
}
