package io.portcullis.manifest;

import io.portcullis.cluster.Service;
import io.portcullis.sighting.Duplicates;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Sighting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The objects and problems in a set of manifest files. They do not depend on the order of files and
 * documents.
 *
 * @param sightings by place; only the one that counts of an object that is seen twice
 * @param problems all problems, including those of the sightings
 * @param services by place
 */
public record ManifestContents(
    List<Sighting> sightings, List<Problem> problems, List<Service> services) {
  private static final Comparator<Sighting> ORDER =
      Comparator.comparing(Sighting::source)
          .thenComparing(sighting -> sighting.key().map(Object::toString).orElse(""))
          .thenComparing(sighting -> sighting.problems().toString());

  public ManifestContents {
    sightings = List.copyOf(sightings);
    problems = List.copyOf(problems);
    services = List.copyOf(services);
  }

  /** Merges the contents of files. */
  public static ManifestContents of(Collection<FileContents> files) {
    var all = files.stream().flatMap(file -> file.sightings().stream()).toList();
    var counting = Duplicates.resolve(all);
    var sightings = new ArrayList<Sighting>(counting.values());
    all.stream().filter(sighting -> sighting.key().isEmpty()).forEach(sightings::add);
    sightings.sort(ORDER);
    var problems =
        Stream.of(
                sightings.stream().flatMap(sighting -> sighting.problems().stream()),
                files.stream().flatMap(file -> file.remarks().stream()),
                Duplicates.problems(all).stream())
            .flatMap(stream -> stream)
            .sorted()
            .distinct()
            .toList();
    var services = files.stream().flatMap(file -> file.services().stream()).toList();
    return new ManifestContents(sightings, problems, services);
  }
}
