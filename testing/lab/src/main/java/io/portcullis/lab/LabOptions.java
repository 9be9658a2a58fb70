package io.portcullis.lab;

import io.portcullis.lab.network.ManagementNetwork;
import io.portcullis.lab.process.Services;
import io.portcullis.manifest.ManifestReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The options of a lab.
 *
 * @param root the project's root directory, where the services are built
 * @param manifests the user's directory or file, or {@code -} for standard input
 * @param state the directory for the lab's files
 * @param compilers how many compilers run
 * @param watchers how many watchers run
 * @param kubernetes whether the manifests go to an API server, which the watchers then follow
 * @param form whether the services run on a JVM or as native images
 * @param ofCompilers environment variables of the compilers
 * @param ofAgents environment variables of the agents
 */
public record LabOptions(
    Path root,
    Path manifests,
    Path state,
    int compilers,
    int watchers,
    boolean kubernetes,
    Services.Form form,
    Map<String, String> ofCompilers,
    Map<String, String> ofAgents) {
  public LabOptions {
    ofCompilers = Map.copyOf(ofCompilers);
    ofAgents = Map.copyOf(ofAgents);
    require("--compilers", compilers, ManagementNetwork.MAX_COMPILERS);
    require("--watchers", watchers, ManagementNetwork.MAX_WATCHERS);
    if (!fromStandardInput(manifests) && !Files.exists(manifests)) {
      throw new IllegalArgumentException(
          "--manifests " + manifests + ": no such file or directory");
    }
  }

  /** Returns these options with the given environment variables of the compilers. */
  public LabOptions withCompilers(Map<String, String> settings) {
    return with(settings, ofAgents);
  }

  /** Returns these options with the given environment variables of the agents. */
  public LabOptions withAgents(Map<String, String> settings) {
    return with(ofCompilers, settings);
  }

  private LabOptions with(Map<String, String> compilerSettings, Map<String, String> agentSettings) {
    return new LabOptions(
        root,
        manifests,
        state,
        compilers,
        watchers,
        kubernetes,
        form,
        compilerSettings,
        agentSettings);
  }

  private static void require(String option, int count, int most) {
    if (count < 1 || count > most) {
      throw new IllegalArgumentException(option + " " + count + ": must be from 1 to " + most);
    }
  }

  /** Tells whether the manifests come from standard input. */
  public boolean fromStandardInput() {
    return fromStandardInput(manifests);
  }

  private static boolean fromStandardInput(Path manifests) {
    return manifests.toString().equals(ManifestReader.STANDARD_INPUT);
  }
}
