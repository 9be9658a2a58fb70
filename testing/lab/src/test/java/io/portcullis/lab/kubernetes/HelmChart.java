package io.portcullis.lab.kubernetes;

import io.portcullis.lab.manifests.EditableManifest;
import io.portcullis.lab.network.ShortProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Renders the project's chart with the real helm, from the {@code PATH} or built once by Go. */
public final class HelmChart {
  private static final Path CHART = Path.of("..", "..", "deploy", "helm", "portcullis");
  private static final String HELM = "helm";

  /** The version that {@code go.mod} names. */
  private static final String VERSION = "v3.22.0";

  private HelmChart() {}

  public static boolean canBeRendered() {
    return GoPrograms.found(GoPrograms.path(), HELM).isPresent() || GoPrograms.canBeBuilt();
  }

  /**
   * Returns the chart's objects.
   *
   * @param values as {@code --set} takes them
   * @throws io.portcullis.lab.network.NetworkException with helm's message
   * @throws IOException if helm is missing and cannot be built
   */
  public static List<EditableManifest.Item> render(String... values)
      throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                helm().toString(),
                "template",
                HELM,
                CHART.toString(),
                "--namespace",
                "portcullis",
                "--kube-version",
                ServerBinaries.VERSION));
    for (var value : values) {
      command.addAll(List.of("--set", value));
    }
    return EditableManifest.of(ShortProgram.run(command, "").getBytes(StandardCharsets.UTF_8))
        .items();
  }

  private static Path helm() throws IOException, InterruptedException {
    var there = GoPrograms.found(GoPrograms.path(), HELM);
    if (there.isPresent()) {
      return there.get();
    }
    var built = GoPrograms.cache(HELM + "-" + VERSION).resolve(HELM);
    if (!Files.isExecutable(built)) {
      GoPrograms.build(Path.of("helm"), "-s -w", "helm.sh/helm/v3/cmd/helm", built);
    }
    return built;
  }
}
