package io.portcullis.cli;

import io.portcullis.manifest.ManifestFiles;
import io.portcullis.manifest.ManifestReader;
import io.portcullis.policy.state.Cluster;
import io.portcullis.sighting.DesiredObjects;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Refusals;
import io.portcullis.sighting.Severity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The user's manifests, as a cluster.
 *
 * @param problems in the order of their files
 */
public record Manifests(Cluster cluster, List<Problem> problems) {

  /**
   * Reads manifests, and prints every problem.
   *
   * @throws CommandException when there is nothing, or no valid object that matters to policy
   */
  public static Manifests read(Path root, PrintWriter problems) throws CommandException {
    try {
      var now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
      var reading = ManifestReader.readNamedFromRoot(root, now);
      var inForce = DesiredObjects.of(Map.of(), reading.sightings()); // N10
      var objects = inForce.values();
      var cluster = new Cluster(objects);
      var told = Refusals.told(reading.problems(), reading.sightings(), inForce);
      var all = Stream.concat(told.stream(), PodRemarks.of(cluster).stream());
      var manifests = new Manifests(cluster, all.sorted().distinct().toList());
      manifests.problems.forEach(problem -> problems.println(problem.text()));
      if (objects.isEmpty()) {
        throw new CommandException(
            "--manifests " + root + ": no valid Pod, Namespace, Node or policy");
      }
      return manifests;
    } catch (IOException e) {
      throw new CommandException("--manifests " + root + ": " + ManifestFiles.reason(e), e);
    }
  }

  /** Returns the exit code that follows from the problems. */
  public int exitCode() {
    return problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR)
        ? ExitCode.REFUSED
        : ExitCode.WELL;
  }
}
