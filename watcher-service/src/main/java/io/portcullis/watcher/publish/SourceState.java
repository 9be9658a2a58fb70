package io.portcullis.watcher.publish;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.watcher.source.Problem;
import io.portcullis.watcher.source.Sighting;
import io.portcullis.watcher.source.SourceEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What a source has shown so far.
 *
 * @param sightings everything that it holds; absent until it was whole once
 * @param lost why it cannot be read now
 * @param changes grows with every event that showed something
 */
public record SourceState(
    Optional<List<Sighting>> sightings,
    List<Problem> problems,
    Optional<String> lost,
    long changes) {
  public static final SourceState UNSEEN =
      new SourceState(Optional.empty(), List.of(), Optional.of("not read yet"), 0);

  /** The state after an event. */
  public SourceState after(SourceEvent event) {
    return switch (event) {
      case SourceEvent.Whole whole ->
          new SourceState(
              Optional.of(whole.sightings()), whole.problems(), Optional.empty(), changes + 1);
      case SourceEvent.Changed(var shown, var gone) -> changed(shown, new HashSet<>(gone));
      case SourceEvent.Lost(var reason) ->
          new SourceState(sightings, problems, Optional.of(reason), changes);
    };
  }

  private SourceState changed(List<Sighting> shown, HashSet<ObjectKey> replaced) {
    shown.forEach(sighting -> sighting.key().ifPresent(replaced::add));
    var all = new ArrayList<>(sightings.orElse(List.of()));
    all.removeIf(sighting -> sighting.key().filter(replaced::contains).isPresent());
    all.addAll(shown);
    var told = all.stream().flatMap(sighting -> sighting.problems().stream()).sorted().toList();
    return new SourceState(sightings.map(_ -> all), told, Optional.empty(), changes + 1);
  }
}
