package io.portcullis.lab.manifests;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.manifest.ManifestReader;
import io.portcullis.sighting.DesiredObjects;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Refusals;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The objects to enforce, read as the watcher reads them. An object whose file breaks keeps its
 * last valid form. An object that is missing counts as deleted only after a grace period, since
 * saving a file can hide it for a moment.
 */
public final class ObjectsInForce {
  private final Path derived;
  private final Duration grace;
  private final Map<ObjectKey, Instant> missingSince = new HashMap<>();
  private SortedMap<ObjectKey, ClusterObject> objects = new TreeMap<>();
  private List<Problem> problems = List.of();

  /**
   * Creates the reader.
   *
   * @param derived the directory that the watcher reads
   * @param grace how long an object must be missing before it counts as deleted
   */
  public ObjectsInForce(Path derived, Duration grace) {
    this.derived = derived;
    this.grace = grace;
  }

  /**
   * Reads the directory.
   *
   * @return whether an object is missing, but not yet for long enough; the caller has to read again
   */
  public boolean read(Instant now) throws IOException {
    var micros = java.time.temporal.ChronoUnit.MICROS.between(Instant.EPOCH, now);
    var reading = ManifestReader.read(derived, micros);
    var desired = new TreeMap<>(DesiredObjects.of(objects, reading.sightings()));
    missingSince.keySet().removeIf(desired::containsKey);
    objects.forEach(
        (key, object) -> {
          if (!desired.containsKey(key)
              && missingSince.computeIfAbsent(key, _ -> now).plus(grace).isAfter(now)) {
            desired.put(key, object);
          }
        });
    missingSince.keySet().removeIf(key -> !desired.containsKey(key));
    objects = desired;
    problems = Refusals.told(reading.problems(), reading.sightings(), objects);
    return !missingSince.isEmpty();
  }

  public Collection<ClusterObject> objects() {
    return Collections.unmodifiableCollection(objects.values());
  }

  public List<Problem> problems() {
    return problems;
  }
}
