package io.portcullis.lab.kubernetes;

import io.portcullis.lab.manifests.EditableManifest;
import io.portcullis.lab.network.ShortProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The project's chart, rendered by the real helm: of the {@code PATH}, or built once by Go. */
public final class HelmChart {
  private static final Path CHART = Path.of("..", "helm", "portcullis");
  private static final String HELM = "helm";

  /** The one that {@code go.mod} names. */
  private static final String VERSION = "v3.22.0";

  private HelmChart() {}

  public static boolean canBeRendered() {
    return GoPrograms.found(GoPrograms.path(), HELM).isPresent() || GoPrograms.canBeBuilt();
  }

  /**
   * Its objects.
   *
   * @param values as {@code --set} takes them
   * @throws io.portcullis.lab.network.NetworkException with what helm says
   * @throws IOException when there is no helm, and it cannot be built
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
