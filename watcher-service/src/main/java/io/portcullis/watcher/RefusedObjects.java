package io.portcullis.watcher;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Refusals;
import io.portcullis.sighting.Sighting;
import io.portcullis.watcher.source.SourceState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Says of refused objects what is in force of them (N10). Only the watcher that publishes knows
 * that, once it has published what the source shows.
 */
final class RefusedObjects {
  private List<Problem> problems = List.of();
  private List<Problem> told = List.of();
  private SortedMap<ObjectKey, String> inForce = new TreeMap<>();

  /**
   * Takes in what the source shows and what is published of it.
   *
   * @param published all published objects; empty where that is not known or not settled
   */
  void update(SourceState seen, Optional<Map<ObjectKey, ClusterObject>> published) {
    if (published.isEmpty()) {
      return;
    }
    if (problems.equals(seen.problems()) && inForce.equals(words(seen, published.get()))) {
      return;
    }
    problems = seen.problems();
    inForce = words(seen, published.get());
    told = Refusals.told(problems, refused(seen), published.get());
  }

  private static SortedMap<ObjectKey, String> words(
      SourceState seen, Map<ObjectKey, ClusterObject> published) {
    var words = new TreeMap<ObjectKey, String>();
    seen.refused()
        .forEach(
            (key, sighting) ->
                Refusals.text(sighting, published).ifPresent(text -> words.put(key, text)));
    return words;
  }

  private static List<Sighting> refused(SourceState seen) {
    var all = new ArrayList<Sighting>(seen.refused().values());
    all.addAll(seen.unreadable());
    return all;
  }

  /** Returns the source's problems, with what is in force where that is known. */
  List<Problem> problems(SourceState seen) {
    return problems.equals(seen.problems()) ? told : seen.problems();
  }

  /** Returns whether all is told of these problems of the source. */
  boolean isTold(SourceState seen) {
    return problems.equals(seen.problems());
  }

  /** Returns what is in force of each refused object. */
  SortedMap<ObjectKey, String> inForce() {
    return Collections.unmodifiableSortedMap(inForce);
  }
}
