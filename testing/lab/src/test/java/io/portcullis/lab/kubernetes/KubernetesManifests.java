package io.portcullis.lab.kubernetes;

import io.portcullis.lab.manifests.EditableManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the manifests that the kustomizations consist of. */
public final class KubernetesManifests {
  private static final Path FOLDER = Path.of("..", "..", "deploy", "kubernetes");

  private KubernetesManifests() {}

  /** Returns the objects in these directories. */
  public static List<EditableManifest.Item> of(String... folders) throws IOException {
    var items = new ArrayList<EditableManifest.Item>();
    for (var folder : folders) {
      try (var files = Files.newDirectoryStream(FOLDER.resolve(folder), "*.yaml")) {
        for (var file : files) {
          if (!file.endsWith("kustomization.yaml")) {
            items.addAll(EditableManifest.of(Files.readAllBytes(file)).items());
          }
        }
      }
    }
    return items;
  }
}
