package io.portcullis.watcher.directory;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.manifest.FileContents;
import io.portcullis.sighting.Duplicates;
import io.portcullis.sighting.Sighting;
import io.portcullis.watcher.source.Remarks;
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
 * Decides what of each snapshot counts. Additions and changes count at once. A removal counts when
 * a second snapshot shows the same, and so does a file that may be half written; until then the
 * file's last contents count. An ordinary save shows a file empty or absent for a moment, and the
 * file system does not tell when a writer is done.
 *
 * <p>Callers pass the time, in nanoseconds of {@link System#nanoTime}.
 */
final class Debouncer {
  /** A file that has not changed for this long is settled. */
  static final Duration SETTLING_TIME = Duration.ofMillis(100);

  /** A tree that never settles is shown after this time nevertheless. */
  static final Duration LONGEST_START = Duration.ofSeconds(2);

  /** After a loss, files may come back one by one; nothing is removed before this much quiet. */
  static final Duration RECOVERY = Duration.ofSeconds(1);

  /**
   * What counts after a snapshot.
   *
   * @param contents empty until the tree is known to be complete
   * @param next how long to wait for the next snapshot at most, where something has yet to settle
   */
  record Outcome(Optional<TreeContents> contents, Optional<Duration> next) {}

  /**
   * How a file was seen last.
   *
   * @param signature empty where the file is absent
   * @param since when it was first seen so
   */
  private record Seen(Optional<FileSnapshot.Signature> signature, long since) {}

  private sealed interface Phase {
    record Starting(long since) implements Phase {}

    record Running() implements Phase {}

    record Recovering() implements Phase {}
  }

  private final Map<String, Seen> seen = new HashMap<>();
  private final SortedMap<String, FileContents> accepted = new TreeMap<>();
  private SortedMap<ObjectKey, Sighting> shown = new TreeMap<>();
  private Optional<Phase> phase = Optional.empty();
  private long lastChange;

  /** Takes in that the tree cannot be read; what is missing afterwards is removed late. */
  void lost() {
    phase =
        phase.flatMap(
            before ->
                switch (before) {
                  case Phase.Starting _ -> Optional.empty();
                  case Phase.Running _, Phase.Recovering _ -> Optional.of(new Phase.Recovering());
                });
  }

  /** Takes a snapshot in, and returns what counts now. */
  Outcome take(TreeSnapshot snapshot, long now) {
    if (phase.isEmpty()) {
      phase = Optional.of(new Phase.Starting(now));
      lastChange = now;
    }
    noteSignatures(snapshot, now);
    accept(snapshot, now);
    var contents = contents(snapshot, now);
    shown = contents.objects();
    var calm = isCalm(now);
    if (calm) {
      phase = Optional.of(new Phase.Running());
    }
    var next = untilNext(now, calm);
    forgetAbsent(now);
    return phase.get() instanceof Phase.Starting
        ? new Outcome(Optional.empty(), next)
        : new Outcome(Optional.of(contents), next);
  }

  private void noteSignatures(TreeSnapshot snapshot, long now) {
    var names = new HashSet<>(seen.keySet());
    names.addAll(snapshot.files().keySet());
    for (var name : names) {
      var signature = Optional.ofNullable(snapshot.files().get(name)).map(FileSnapshot::signature);
      var before = seen.get(name);
      if (before == null || !before.signature().equals(signature)) {
        seen.put(name, new Seen(signature, now));
        lastChange = now;
      }
    }
  }

  private void accept(TreeSnapshot snapshot, long now) {
    snapshot
        .files()
        .forEach(
            (name, file) -> {
              if (!file.mayBeHalfWritten() || isSettled(name, now)) {
                accepted.put(name, file.contents());
              }
            });
    accepted.keySet().removeIf(name -> !snapshot.files().containsKey(name) && isSettled(name, now));
  }

  private boolean isSettled(String name, long now) {
    var file = seen.get(name);
    return file == null || now - file.since() >= SETTLING_TIME.toNanos();
  }

  private boolean isCalm(long now) {
    return switch (phase.orElseThrow()) {
      case Phase.Starting(var since) ->
          now - lastChange >= SETTLING_TIME.toNanos() || now - since >= LONGEST_START.toNanos();
      case Phase.Running _ -> true;
      case Phase.Recovering _ -> now - lastChange >= RECOVERY.toNanos();
    };
  }

  /** Files of the snapshot win over earlier contents, and these over what was shown before. */
  private TreeContents contents(TreeSnapshot snapshot, long now) {
    var current = new ArrayList<FileContents>();
    var earlier = new ArrayList<FileContents>();
    accepted.forEach(
        (name, contents) -> {
          var file = snapshot.files().get(name);
          (file != null && file.contents() == contents ? current : earlier).add(contents);
        });
    snapshot.unreadable().forEach((name, why) -> current.add(FileContents.unreadable(name, why)));
    if (phase.orElseThrow() instanceof Phase.Starting) {
      snapshot.files().keySet().stream()
          .filter(name -> !accepted.containsKey(name))
          .forEach(name -> current.add(FileContents.unreadable(name, "it is still being written")));
    }
    var objects = Duplicates.resolve(sightings(current));
    Duplicates.resolve(sightings(earlier)).forEach(objects::putIfAbsent);
    shown.forEach(
        (key, sighting) -> {
          if (!isSettled(sighting.source(), now) || !isCalm(now)) {
            objects.putIfAbsent(key, sighting);
          }
        });
    return new TreeContents(objects, remarks(current, earlier));
  }

  private static Remarks remarks(List<FileContents> current, List<FileContents> earlier) {
    var all = Stream.concat(current.stream(), earlier.stream()).toList();
    var warnings =
        Stream.concat(
            Duplicates.problems(sightings(current)).stream(),
            all.stream().flatMap(contents -> contents.remarks().stream()));
    return new Remarks(
        Sighting.unreadable(sightings(all)).stream()
            .sorted(Comparator.comparing(Sighting.Unreadable::problem))
            .toList(),
        warnings.sorted().distinct().toList());
  }

  private static List<Sighting> sightings(Collection<FileContents> files) {
    return files.stream().flatMap(file -> file.sightings().stream()).toList();
  }

  private Optional<Duration> untilNext(long now, boolean calm) {
    var unsettled =
        seen.values().stream()
            .mapToLong(file -> SETTLING_TIME.toNanos() - (now - file.since()))
            .filter(left -> left > 0)
            .min();
    if (unsettled.isPresent()) {
      return Optional.of(Duration.ofNanos(unsettled.getAsLong()));
    }
    return calm ? Optional.empty() : Optional.of(SETTLING_TIME);
  }

  private void forgetAbsent(long now) {
    seen.entrySet()
        .removeIf(
            file ->
                file.getValue().signature().isEmpty()
                    && isSettled(file.getKey(), now)
                    && !accepted.containsKey(file.getKey()));
  }
}
