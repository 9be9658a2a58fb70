package io.portcullis.watcher.directory;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.manifest.FileContents;
import io.portcullis.sighting.Duplicates;
import io.portcullis.sighting.Sighting;
import io.portcullis.watcher.source.SourceEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Decides what of each look counts. Additions and changes count at once. A removal, and whatever
 * may be half-written, counts when a second look finds the file as the first one did; until then
 * its last content counts. For an ordinary save shows a file empty or absent for a moment, and
 * nobody tells when a writer is done.
 *
 * <p>Time is given from outside, in nanoseconds of {@link System#nanoTime}.
 */
final class Debouncer {
  /** After that time without a change a file is what it is. */
  static final Duration SECOND_LOOK = Duration.ofMillis(100);

  /** A tree that never comes to rest is still shown for the first time. */
  static final Duration LONGEST_START = Duration.ofSeconds(2);

  /** What came back after a loss may come file by file. */
  static final Duration RECOVERY = Duration.ofSeconds(1);

  /**
   * What counts after a look.
   *
   * @param whole empty until the tree is known to be whole
   * @param lookAgain after which time without an event, where something has yet to settle
   */
  record Outcome(Optional<SourceEvent.Whole> whole, Optional<Duration> lookAgain) {}

  private record Seen(Optional<FileSnapshot.Signature> signature, long since) {}

  private sealed interface Phase {
    record Starting(long since) implements Phase {}

    record Running() implements Phase {}

    record Recovering() implements Phase {}
  }

  private final Map<String, Seen> seen = new HashMap<>();
  private final SortedMap<String, FileContents> taken = new TreeMap<>();
  private Map<ObjectKey, Sighting> shown = new TreeMap<>();
  private Optional<Phase> phase = Optional.empty();
  private long lastChange;

  /** The source was lost: what is missing when it is back is removed later than usual. */
  void lost() {
    phase =
        phase.flatMap(
            before ->
                switch (before) {
                  case Phase.Starting _ -> Optional.empty();
                  case Phase.Running _, Phase.Recovering _ -> Optional.of(new Phase.Recovering());
                });
  }

  Outcome take(TreeSnapshot look, long now) {
    if (phase.isEmpty()) {
      phase = Optional.of(new Phase.Starting(now));
      lastChange = now;
    }
    note(look, now);
    look.files()
        .forEach(
            (name, file) -> {
              if (!file.mayBeHalfWritten() || settled(name, now)) {
                taken.put(name, file.reading());
              }
            });
    taken.keySet().removeIf(name -> !look.files().containsKey(name) && settled(name, now));
    var whole = whole(look, now);
    var calm = calm(now);
    if (calm) {
      phase = Optional.of(new Phase.Running());
    }
    var lookAgain = lookAgain(now, !calm);
    forgetAbsent(now);
    return phase.get() instanceof Phase.Starting
        ? new Outcome(Optional.empty(), lookAgain)
        : new Outcome(Optional.of(whole), lookAgain);
  }

  /** Notes since when each file is as it is. */
  private void note(TreeSnapshot look, long now) {
    var names = new HashSet<>(seen.keySet());
    names.addAll(look.files().keySet());
    for (var name : names) {
      var signature = Optional.ofNullable(look.files().get(name)).map(FileSnapshot::signature);
      var before = seen.get(name);
      if (before == null || !before.signature().equals(signature)) {
        seen.put(name, new Seen(signature, now));
        lastChange = now;
      }
    }
  }

  private boolean settled(String name, long now) {
    var file = seen.get(name);
    return file == null || now - file.since() >= SECOND_LOOK.toNanos();
  }

  private boolean calm(long now) {
    return switch (phase.orElseThrow()) {
      case Phase.Starting(var since) ->
          now - lastChange >= SECOND_LOOK.toNanos() || now - since >= LONGEST_START.toNanos();
      case Phase.Running _ -> true;
      case Phase.Recovering _ -> now - lastChange >= RECOVERY.toNanos();
    };
  }

  private SourceEvent.Whole whole(TreeSnapshot look, long now) {
    var current = new ArrayList<FileContents>();
    var earlier = new ArrayList<FileContents>();
    taken.forEach(
        (name, reading) -> {
          var file = look.files().get(name);
          (file != null && file.reading() == reading ? current : earlier).add(reading);
        });
    look.unreadable().forEach((name, why) -> current.add(FileContents.unreadable(name, why)));
    look.files().keySet().stream()
        .filter(name -> !taken.containsKey(name) && phase.orElseThrow() instanceof Phase.Starting)
        .forEach(name -> current.add(FileContents.unreadable(name, "it is still being written")));
    var counting = Duplicates.resolve(sightings(current));
    Duplicates.resolve(sightings(earlier)).forEach(counting::putIfAbsent);
    shown.forEach(
        (key, sighting) -> {
          if (stays(sighting, now)) {
            counting.putIfAbsent(key, sighting);
          }
        });
    shown = counting;
    return event(counting, current, earlier);
  }

  private boolean stays(Sighting removed, long now) {
    return !settled(removed.source(), now) || !calm(now);
  }

  private static SourceEvent.Whole event(
      Map<ObjectKey, Sighting> counting, List<FileContents> current, List<FileContents> earlier) {
    var all = Stream.concat(current.stream(), earlier.stream()).toList();
    var sightings = new ArrayList<>(counting.values());
    sightings(all).stream()
        .filter(sighting -> sighting.key().isEmpty())
        .sorted(Comparator.comparing(sighting -> sighting.problems().toString()))
        .forEach(sightings::add);
    var warnings =
        Stream.concat(
            Duplicates.problems(sightings(current)).stream(),
            all.stream().flatMap(reading -> reading.remarks().stream()));
    return new SourceEvent.Whole(sightings, warnings.sorted().distinct().toList());
  }

  private static List<Sighting> sightings(Collection<FileContents> readings) {
    return readings.stream().flatMap(reading -> reading.sightings().stream()).toList();
  }

  private Optional<Duration> lookAgain(long now, boolean waitingForAll) {
    var unsettled =
        seen.values().stream()
            .mapToLong(file -> SECOND_LOOK.toNanos() - (now - file.since()))
            .filter(left -> left > 0)
            .min();
    if (unsettled.isPresent()) {
      return Optional.of(Duration.ofNanos(unsettled.getAsLong()));
    }
    return waitingForAll ? Optional.of(SECOND_LOOK) : Optional.empty();
  }

  private void forgetAbsent(long now) {
    seen.entrySet()
        .removeIf(
            file ->
                file.getValue().signature().isEmpty()
                    && settled(file.getKey(), now)
                    && !taken.containsKey(file.getKey()));
  }
}
