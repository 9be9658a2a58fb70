package io.portcullis.watcher.source;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.sighting.Duplicates;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Sighting;
import io.portcullis.sighting.Sighting.Unreadable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a source has shown so far, and what of it is new; an event costs what it shows. One thread
 * uses it.
 */
public final class SourceState {
  private static final int MOST_CHANGED = 100_000;

  private final SortedMap<ObjectKey, Sighting> sightings = new TreeMap<>();
  private final SortedMap<ObjectKey, List<Problem>> problems = new TreeMap<>();

  private final NamedPorts namedPorts = new NamedPorts();

  /** By which event each key was changed, since {@link #wholeBy}. */
  private final Map<ObjectKey, Long> changedBy = new HashMap<>();

  private List<Unreadable> unreadable = List.of();
  private List<Problem> warnings = List.of();
  private Optional<List<Problem>> told = Optional.empty();
  private Optional<SourceEvent.Lost> lost = Optional.of(new SourceEvent.Lost("not read yet", 0));
  private boolean whole;
  private long wholeBy;
  private long changes;

  /** Takes an event in. */
  public void take(SourceEvent event) {
    switch (event) {
      case SourceEvent.Whole shown -> take(shown);
      case SourceEvent.Changed shown -> take(shown);
      case SourceEvent.Lost(var reason, var forNanos) ->
          lost = Optional.of(new SourceEvent.Lost(reason, forNanos));
      case SourceEvent.Found _ -> lost = Optional.empty();
    }
  }

  private void take(SourceEvent.Whole shown) {
    sightings.clear();
    problems.clear();
    changedBy.clear();
    namedPorts.clear();
    sightings.putAll(Duplicates.resolve(shown.sightings()));
    sightings.values().forEach(sighting -> namedPorts.change(Optional.empty(), object(sighting)));
    unreadable = Sighting.unreadable(shown.sightings());
    sightings.forEach((key, sighting) -> tell(key, sighting.problems()));
    warnings = shown.warnings();
    told = Optional.empty();
    lost = Optional.empty();
    whole = true;
    changes++;
    wholeBy = changes;
  }

  private void take(SourceEvent.Changed shown) {
    changes++;
    told = Optional.empty();
    for (var key : shown.gone()) {
      namedPorts.change(object(sightings.remove(key)), Optional.empty());
      problems.remove(key);
      changedBy.put(key, changes);
    }
    for (var sighting : shown.sightings()) {
      var key = sighting.key().orElseThrow();
      namedPorts.change(object(sightings.put(key, sighting)), object(sighting));
      changedBy.put(key, changes);
      tell(key, sighting.problems());
    }
    shown
        .warnings()
        .forEach(
            (key, more) -> {
              var own = problems.getOrDefault(key, List.of());
              tell(key, Stream.concat(own.stream(), more.stream()).toList());
            });
    forgetIfMany();
  }

  /** A watcher that publishes nothing asks for none of them, for as long as another one lives. */
  private void forgetIfMany() {
    if (changedBy.size() > MOST_CHANGED) {
      changedBy.clear();
      wholeBy = changes;
    }
  }

  private static Optional<ClusterObject> object(Sighting sighting) {
    return sighting instanceof Sighting.Valid(var object) ? Optional.of(object) : Optional.empty();
  }

  private void tell(ObjectKey key, List<Problem> ofKey) {
    if (ofKey.isEmpty()) {
      problems.remove(key);
    } else {
      problems.put(key, ofKey);
    }
  }

  /** Whether the source was shown whole once. */
  public boolean isWhole() {
    return whole;
  }

  /** What counts, of every object that it holds. */
  public Map<ObjectKey, Sighting> sightings() {
    return sightings;
  }

  /** Its parts of which nobody knows which objects stand there. */
  public List<Unreadable> unreadable() {
    return unreadable;
  }

  /** All that is to be told, in order. */
  public List<Problem> problems() {
    if (told.isEmpty()) {
      told =
          Optional.of(
              Stream.of(
                      problems.values().stream().flatMap(Collection::stream),
                      namedPorts.unmet().values().stream().flatMap(u -> u.problems().stream()),
                      unreadable.stream().map(Unreadable::problem),
                      warnings.stream())
                  .flatMap(stream -> stream)
                  .sorted()
                  .distinct()
                  .toList());
    }
    return told.get();
  }

  /** Policies that mean what no other object has. */
  public Map<ObjectKey, MissingPorts> unmet() {
    return namedPorts.unmet();
  }

  /** Why it cannot be read now. */
  public Optional<SourceEvent.Lost> lost() {
    return lost;
  }

  /** Grows with every event that showed something. */
  public long changes() {
    return changes;
  }

  /**
   * Which objects were changed by events after that many; those before are forgotten.
   *
   * @return none when it is not known: all may have changed
   */
  public Optional<Set<ObjectKey>> since(long before) {
    if (before < wholeBy) {
      return Optional.empty();
    }
    changedBy.values().removeIf(by -> by <= before);
    return Optional.of(Set.copyOf(changedBy.keySet()));
  }
}
