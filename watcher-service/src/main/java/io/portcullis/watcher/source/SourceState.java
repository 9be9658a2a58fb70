package io.portcullis.watcher.source;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.KnownKind;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Sighting;
import io.portcullis.sighting.Sighting.Unreadable;
import io.portcullis.validation.Kind;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps what a source has shown so far, and which objects have changed since when. An event costs
 * as much as it shows. One thread uses it.
 */
public final class SourceState {
  private static final int MOST_CHANGED = 100_000;

  private final NavigableMap<ObjectKey, Sighting> sightings = new TreeMap<>();
  private final SortedMap<ObjectKey, List<Problem>> problemsByKey = new TreeMap<>();
  private final SortedMap<ObjectKey, Sighting> refused = new TreeMap<>();
  private final NamedPorts namedPorts = new NamedPorts();

  /** The event that last changed each key, for events after {@link #allChangedBy}. */
  private final Map<ObjectKey, Long> changedBy = new HashMap<>();

  private long changes;
  private long allChangedBy;
  private boolean whole;
  private Remarks remarks = Remarks.NONE;
  private List<Problem> problems = List.of();
  private Optional<SourceEvent.Lost> lost = Optional.of(new SourceEvent.Lost("not read yet", 0));

  /** Takes an event in. */
  public void take(SourceEvent event) {
    switch (event) {
      case SourceEvent.Changed changed -> take(changed);
      case SourceEvent.Lost loss -> lost = Optional.of(loss);
      case SourceEvent.Found _ -> lost = Optional.empty();
    }
  }

  private void take(SourceEvent.Changed event) {
    changes++;
    event.gone().forEach(this::remove);
    event.sightings().forEach(this::put);
    event.warnings().forEach(this::warn);
    if (!whole
        || !event.remarks().unreadable().equals(remarks.unreadable())
        || !frozen(event.remarks()).equals(frozen(remarks))) {
      allHaveChanged(); // whether a missing object is gone depends on what cannot be read
    } else if (changedBy.size() > MOST_CHANGED) {
      allHaveChanged(); // a watcher that publishes nothing never forgets them
    }
    if (!whole) {
      whole = true;
      lost = Optional.empty();
    }
    remarks = event.remarks();
    problems = collectProblems();
  }

  private static Set<Kind> frozen(Remarks remarks) {
    return remarks.kinds().entrySet().stream()
        .filter(kind -> kind.getValue().isFrozen())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private void remove(ObjectKey key) {
    namedPorts.change(valid(sightings.remove(key)), Optional.empty());
    problemsByKey.remove(key);
    refused.remove(key);
    changedBy.put(key, changes);
  }

  private void put(Sighting sighting) {
    var key = sighting.key().orElseThrow();
    namedPorts.change(valid(sightings.put(key, sighting)), valid(sighting));
    changedBy.put(key, changes);
    if (sighting.valid().isPresent()) {
      refused.remove(key);
    } else {
      refused.put(key, sighting);
    }
    if (sighting.problems().isEmpty()) {
      problemsByKey.remove(key);
    } else {
      problemsByKey.put(key, sighting.problems());
    }
  }

  private void warn(ObjectKey key, List<Problem> warnings) {
    problemsByKey.merge(
        key, warnings, (own, more) -> Stream.concat(own.stream(), more.stream()).toList());
  }

  private void allHaveChanged() {
    changedBy.clear();
    allChangedBy = changes;
  }

  private static Optional<ClusterObject> valid(Sighting sighting) {
    return Optional.ofNullable(sighting).flatMap(Sighting::valid);
  }

  private List<Problem> collectProblems() {
    return Stream.of(
            problemsByKey.values().stream().flatMap(Collection::stream),
            namedPorts.missing().values().stream().flatMap(ports -> ports.problems().stream()),
            remarks.unreadable().stream().map(Unreadable::problem),
            remarks.warnings().stream())
        .flatMap(stream -> stream)
        .sorted()
        .distinct()
        .toList();
  }

  /** Returns whether the source has been read to its end once. */
  public boolean isWhole() {
    return whole;
  }

  /** Returns the newest sighting of each object that the source shows. */
  public NavigableMap<ObjectKey, Sighting> sightings() {
    return Collections.unmodifiableNavigableMap(sightings);
  }

  /** Returns the newest sighting of each object that was refused, in part or whole. */
  public SortedMap<ObjectKey, Sighting> refused() {
    return Collections.unmodifiableSortedMap(refused);
  }

  /** Returns the parts of the source that cannot be read and may hold any object. */
  public List<Unreadable> unreadable() {
    return remarks.unreadable();
  }

  /** Returns what is known of each kind that the source may lack. */
  public Map<Kind, KnownKind> kinds() {
    return remarks.kinds();
  }

  /** Tells whether the kind of an object cannot be read now, so that the object stays as it was. */
  public boolean isFrozen(ObjectKey key) {
    return remarks.kinds().entrySet().stream()
        .anyMatch(kind -> kind.getKey().isOf(key) && kind.getValue().isFrozen());
  }

  /** Returns all problems of the source and its objects, in order. */
  public List<Problem> problems() {
    return problems;
  }

  /** Returns the policies that name ports which no pod has. */
  public Map<ObjectKey, MissingPorts> missingPorts() {
    return namedPorts.missing();
  }

  /** Returns why the source cannot be read now. */
  public Optional<SourceEvent.Lost> lost() {
    return lost;
  }

  /** Returns how many events have shown something. */
  public long changes() {
    return changes;
  }

  /**
   * Returns the objects that events after this many have changed.
   *
   * @return empty when they are not known; any object may then have changed
   */
  public Optional<Set<ObjectKey>> changedSince(long before) {
    return before < allChangedBy
        ? Optional.empty()
        : Optional.of(
            changedBy.entrySet().stream()
                .filter(entry -> entry.getValue() > before)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet()));
  }

  /** Forgets which objects events up to this many have changed; nobody asks for them any more. */
  public void forgetChangesUntil(long before) {
    changedBy.values().removeIf(by -> by <= before);
  }
}
