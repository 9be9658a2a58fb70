package io.portcullis.cli;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Service;
import io.portcullis.manifest.ManifestFiles;
import io.portcullis.manifest.ManifestReader;
import io.portcullis.policy.state.Cluster;
import io.portcullis.sighting.DesiredObjects;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Refusals;
import io.portcullis.sighting.Severity;
import io.portcullis.sighting.Sighting;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The user's manifests, as a cluster.
 *
 * @param objects what counts of them
 * @param services in the order of their files
 * @param unreadable how many parts cannot be read, such as half a file; they may hold any object
 * @param valid how many objects are valid
 * @param closed how many objects are refused, and stand for what fails closed (N10)
 * @param problems in the order of their files
 */
public record Manifests(
    Cluster cluster,
    List<ClusterObject> objects,
    List<Service> services,
    int unreadable,
    int valid,
    int closed,
    List<Problem> problems) {

  /**
   * Reads manifests, and prints every problem.
   *
   * @throws CommandException when there is nothing, or no valid object that matters to policy
   */
  public static Manifests read(Path root, PrintWriter problems) throws CommandException {
    var manifests = all("--manifests " + root, root, problems);
    if (manifests.isEmpty()) {
      throw new CommandException(
          "--manifests " + root + ": no valid Pod, Namespace, Node or policy");
    }
    return manifests;
  }

  /**
   * Reads manifests for a question about all of them, and prints every problem.
   *
   * @param name the option with its value, for messages
   * @throws CommandException when there is nothing, or when a part cannot be read, because an
   *     answer without it would look whole
   */
  static Manifests readWhole(String name, Path root, PrintWriter problems) throws CommandException {
    var manifests = check(name, root, problems);
    if (manifests.unreadable > 0) {
      throw new CommandException(
          name
              + ": parts of the manifests cannot be read, so there is no answer about all of them");
    }
    return manifests;
  }

  /**
   * Reads manifests that need not hold anything that matters to policy, and prints every problem.
   *
   * @throws CommandException when there is nothing at all
   */
  public static Manifests check(Path root, PrintWriter problems) throws CommandException {
    return check("--manifests " + root, root, problems);
  }

  private static Manifests check(String name, Path root, PrintWriter problems)
      throws CommandException {
    var manifests = all(name, root, problems);
    if (manifests.isEmpty() && manifests.problems.isEmpty()) {
      throw new CommandException(name + ": no object at all");
    }
    return manifests;
  }

  private static Manifests all(String name, Path root, PrintWriter problems)
      throws CommandException {
    try {
      var now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
      var reading = ManifestReader.readNamedFromRoot(root, now);
      var inForce = DesiredObjects.of(Map.of(), reading.sightings()); // N10
      var objects = inForce.values();
      var cluster = new Cluster(objects);
      var told = Refusals.told(reading.problems(), reading.sightings(), standIns(inForce));
      var all = Stream.concat(told.stream(), PodRemarks.of(cluster).stream());
      var closed = (int) objects.stream().filter(o -> o.origin().failClosed()).count();
      var manifests =
          new Manifests(
              cluster,
              List.copyOf(objects),
              reading.services(),
              Sighting.unreadable(reading.sightings()).size(),
              objects.size() - closed,
              closed,
              all.sorted().distinct().toList());
      manifests.problems.forEach(problem -> problems.println(problem.text()));
      return manifests;
    } catch (IOException e) {
      throw new CommandException(name + ": " + ManifestFiles.reason(e), e);
    }
  }

  /** Returns the forms that stand for refused objects; nothing was enforced before this reading. */
  private static Map<ObjectKey, ClusterObject> standIns(Map<ObjectKey, ClusterObject> inForce) {
    return inForce.entrySet().stream()
        .filter(entry -> entry.getValue().origin().failClosed())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private boolean isEmpty() {
    return valid + closed == 0;
  }

  /** Returns one line that tells how many objects are valid, and how many are not. */
  public String summary() {
    return "%d valid, %d refused, %d warnings"
        .formatted(valid, of(Severity.ERROR).distinct().count(), of(Severity.WARNING).count());
  }

  /** Returns the object of each problem of this severity. */
  private Stream<String> of(Severity severity) {
    return problems.stream()
        .filter(problem -> problem.severity() == severity)
        .map(problem -> problem.file() + " " + problem.object());
  }

  /** Returns the exit code that follows from the problems. */
  public int exitCode() {
    return of(Severity.ERROR).findAny().isPresent() ? ExitCode.REFUSED : ExitCode.WELL;
  }
}
