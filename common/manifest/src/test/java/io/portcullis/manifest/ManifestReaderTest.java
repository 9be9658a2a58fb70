package io.portcullis.manifest;

import static io.portcullis.validation.Manifests.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.sighting.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestReaderTest {
  @TempDir Path root;

  @Test
  void searchesDeepInOrderOfNames() throws IOException {
    write("b/c.yml", pod("two"));
    write("a.yaml", pod("one"));
    write(
        "b/d/e.json", "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"three\"}}");
    write("b/readme.md", "no manifest");
    write("b/f.yaml~", "no manifest");
    assertThat(places()).containsExactly("a.yaml one", "b/c.yml two", "b/d/e.json three");
  }

  @Test
  void aMountedConfigMapIsReadOnce() throws IOException {
    write("..2026_01/a.yaml", pod("one"));
    Files.createSymbolicLink(root.resolve("..data"), Path.of("..2026_01"));
    Files.createSymbolicLink(root.resolve("a.yaml"), Path.of("..data/a.yaml"));
    assertThat(places()).containsExactly("a.yaml one");
  }

  @Test
  void linksAreFollowedAndEachRealFileTakenOnce() throws IOException {
    write("z/a.yaml", pod("one"));
    Files.createSymbolicLink(root.resolve("b.yaml"), Path.of("z/a.yaml"));
    Files.createSymbolicLink(root.resolve("z/loop"), root);
    assertThat(places()).containsExactly("b.yaml one");
  }

  @Test
  void aLinkToNothingAndWhatIsNoFileAreUnreadable() throws IOException {
    Files.createSymbolicLink(root.resolve("a.yaml"), Path.of("nowhere"));
    Files.createSymbolicLink(root.resolve(".#b.yaml"), Path.of("someone@host"));
    assertThat(read().problems())
        .extracting(Problem::text)
        .containsExactly("a.yaml: file: text: no such file or directory");
  }

  @Test
  void n10_aFileThatIsTooLongHarmsItselfOnly() throws IOException {
    write("a.yaml", pod("one"));
    try (var file = new RandomAccessFile(root.resolve("b.yaml").toFile(), "rw")) {
      file.setLength(600L * 1024 * 1024); // without blocks, so that the disk holds nothing
    }
    assertThat(places()).containsExactly("a.yaml one", "b.yaml ?");
    assertThat(read().problems())
        .singleElement()
        .extracting(Problem::text)
        .asString()
        .startsWith("b.yaml: file: text: longer than ")
        .endsWith(" bytes, more than there is memory for: split it");
  }

  @Test
  void aFileStandsForItself() throws IOException {
    write("manifest.txt", pod("one"));
    assertThat(places(ManifestReader.read(root.resolve("manifest.txt"), 0)))
        .containsExactly("manifest.txt one");
  }

  @Test
  void filesAreNamedFromTheRootWhereTheUserIsToOpenThem() throws IOException {
    write("b/c.yaml", pod("one"));
    write("a.yaml", pod("one"));
    assertThat(ManifestReader.readNamedFromRoot(root, 0).problems())
        .extracting(Problem::text)
        .containsExactly(
            root.resolve("b/c.yaml")
                + ": Pod/default/one: metadata.name: Duplicate value: the same object is in "
                + root.resolve("a.yaml")
                + ", which counts");
    var file = root.resolve("b/c.yaml");
    assertThat(places(ManifestReader.readNamedFromRoot(file, 0))).containsExactly(file + " one");
  }

  @Test
  void standardInputIsNamedByADash() throws IOException {
    var input = new ByteArrayInputStream(pod("one").getBytes(StandardCharsets.UTF_8));
    assertThat(places(ManifestReader.read(input, 0))).containsExactly("- one");
  }

  @Test
  void whereThereIsNothingThereIsNothingToRead() {
    assertThatThrownBy(() -> ManifestReader.read(root.resolve("missing"), 0))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void theSameObjectInTwoFilesIsToldWithBothNames() throws IOException {
    write("b.yaml", pod("one"));
    write("a.yaml", pod("one"));
    assertThat(places()).containsExactly("a.yaml one");
    assertThat(read().problems())
        .extracting(Problem::text)
        .containsExactly(
            "b.yaml: Pod/default/one: metadata.name: Duplicate value: the same object is in a.yaml,"
                + " which counts");
  }

  private static String pod(String name) {
    return object("Pod", "{name: " + name + "}", "");
  }

  private void write(String name, String text) throws IOException {
    var file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private ManifestContents read() throws IOException {
    return ManifestReader.read(root, 0);
  }

  private List<String> places() throws IOException {
    return places(read());
  }

  private static List<String> places(ManifestContents reading) {
    return reading.sightings().stream()
        .map(s -> s.source() + " " + s.key().map(ObjectKey::name).orElse("?"))
        .toList();
  }
}
