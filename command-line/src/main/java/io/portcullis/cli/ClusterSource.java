package io.portcullis.cli;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.InForce;
import io.portcullis.policy.state.Cluster;
import io.portcullis.published.PublishedCluster;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The cluster that a question is about: manifests, or a running installation. */
final class ClusterSource extends ManifestsOption {
  private static final String KAFKA_VARIABLES = "KAFKA_";
  private static final String EXEMPT = "PORTCULLIS_EXEMPT_NAMESPACES";

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description =
          "The broker of a running installation, whose cluster is read. Variables KAFKA_* set other"
              + " properties of Kafka's clients; PORTCULLIS_EXEMPT_NAMESPACES is as the compiler has"
              + " it.")
  private Optional<String> kafka;

  /**
   * A cluster that was read as a whole.
   *
   * @param exempt the namespaces whose pods are subjects of no policy (T13)
   * @param exitCode that follows from refused objects
   */
  record Contents(Cluster cluster, List<ClusterObject> objects, Set<String> exempt, int exitCode) {
    static Contents of(Manifests read) {
      return new Contents(read.cluster(), read.objects(), Set.of(), read.exitCode());
    }
  }

  boolean isStandardInput() {
    return given().filter(path -> path.toString().equals("-")).isPresent();
  }

  /**
   * Reads the cluster, and prints what was refused of it.
   *
   * @throws CommandException when it cannot be read as a whole
   */
  Contents read(PrintWriter problems) throws CommandException {
    return given().isPresent()
        ? Contents.of(Manifests.readWhole("--manifests " + path(), path(), problems))
        : installation(kafka.orElseThrow(), System.getenv(), problems);
  }

  /** Reads the cluster of a running installation, and prints what was refused of it. */
  static Contents installation(String broker, Map<String, String> environment, PrintWriter problems)
      throws CommandException {
    try {
      var objects = PublishedCluster.read(settings(broker, environment)).objects();
      var refused = objects.stream().flatMap(object -> refused(object).stream()).sorted().toList();
      refused.forEach(problem -> problems.println(problem.text()));
      return new Contents(
          new Cluster(objects),
          objects,
          exempt(environment),
          refused.isEmpty() ? ExitCode.WELL : ExitCode.REFUSED);
    } catch (PublishedCluster.NotReadable e) {
      throw new CommandException(
          "--kafka " + broker + ": the cluster cannot be read: " + e.getMessage(), e);
    }
  }

  private static Map<String, String> settings(String broker, Map<String, String> environment) {
    var settings = new HashMap<String, String>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(KAFKA_VARIABLES)) {
            var property = name.substring(KAFKA_VARIABLES.length()).toLowerCase(Locale.ROOT);
            settings.put(property.replace('_', '.'), value);
          }
        });
    settings.put("bootstrap.servers", broker);
    return settings;
  }

  /** Returns the namespaces that the variable names. */
  static Set<String> exempt(Map<String, String> environment) {
    return Arrays.stream(environment.getOrDefault(EXEMPT, "").split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toSet());
  }

  private static Optional<Problem> refused(ClusterObject object) {
    return InForce.of(object)
        .map(
            form ->
                new Problem(
                    object.origin().source(),
                    object.key().display(),
                    "object",
                    "was refused",
                    Severity.ERROR,
                    Optional.of(form.text())));
  }
}
