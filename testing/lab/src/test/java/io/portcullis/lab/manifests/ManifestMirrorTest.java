package io.portcullis.lab.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestMirrorTest {
  private static final String POD = "{apiVersion: v1, kind: Pod, metadata: {name: web}}\n";
  private static final Duration GRACE = Duration.ofMillis(250);

  @TempDir private Path folder;
  private Path user;
  private Path derived;
  private ManifestMirror mirror;

  @BeforeEach
  void open() throws IOException {
    user = Files.createDirectory(folder.resolve("user"));
    derived = folder.resolve("state").resolve("manifests");
    mirror = new ManifestMirror(user, derived, folder.resolve("state").resolve("tmp"));
  }

  @AfterEach
  void close() {
    mirror.close();
  }

  @Test
  void filesComeChangeAndGo() throws Exception {
    Files.writeString(user.resolve("a.yaml"), POD);
    Files.createDirectory(user.resolve("deep"));
    Files.writeString(user.resolve("deep/broken.yaml"), "kind: [");
    assertThat(mirror.sync()).isEmpty();
    assertThat(derived.resolve("a.yaml")).content().contains("podIPs");
    assertThat(derived.resolve("deep/broken.yaml")).hasContent("kind: [");
    Files.writeString(user.resolve("deep/broken.yaml"), "kind: [ still");
    Files.delete(user.resolve("a.yaml"));
    awaitChange();
    mirror.sync();
    assertThat(derived.resolve("a.yaml")).doesNotExist();
    assertThat(derived.resolve("deep/broken.yaml")).hasContent("kind: [ still");
  }

  @Test
  void aNewDirectoryIsWatchedAtOnce() throws Exception {
    mirror.sync();
    Files.createDirectory(user.resolve("new"));
    awaitChange();
    mirror.sync();
    Files.writeString(user.resolve("new/a.yaml"), POD);
    awaitChange();
    mirror.sync();
    assertThat(derived.resolve("new/a.yaml")).exists();
  }

  @Test
  void aRootThatIsGoneTakesNothingAlong() throws Exception {
    Files.writeString(user.resolve("a.yaml"), POD);
    mirror.sync();
    Files.move(user, folder.resolve("elsewhere"));
    awaitChange();
    assertThat(mirror.sync()).singleElement().asString().contains("stay in force");
    assertThat(derived).doesNotExist();
    assertThat(mirror.lost()).isTrue();
    assertThat(mirror.sync()).hasSize(1);
    Files.move(folder.resolve("elsewhere"), user);
    awaitChange();
    assertThat(mirror.sync()).isEmpty();
    assertThat(mirror.lost()).isFalse();
    assertThat(derived.resolve("a.yaml")).exists();
    Files.writeString(user.resolve("b.yaml"), POD.replace("web", "db"));
    awaitChange();
    mirror.sync();
    assertThat(derived.resolve("b.yaml")).exists();
  }

  @Test
  void whatIsMissingForAMomentStaysInForce() throws Exception {
    Files.writeString(user.resolve("a.yaml"), POD);
    mirror.sync();
    var objects = new ObjectsInForce(derived, GRACE);
    var start = Instant.EPOCH;
    assertThat(objects.read(start)).isFalse();
    Files.writeString(user.resolve("a.yaml"), "");
    mirror.sync();
    assertThat(objects.read(start.plusMillis(10))).isTrue();
    assertThat(objects.objects()).extracting(ClusterObject::key).contains(pod("web"));
    Files.writeString(user.resolve("a.yaml"), POD);
    mirror.sync();
    assertThat(objects.read(start.plusMillis(20))).isFalse();
    Files.delete(user.resolve("a.yaml"));
    mirror.sync();
    assertThat(objects.read(start.plusMillis(300))).isTrue();
    assertThat(objects.read(start.plusMillis(560))).isFalse();
    assertThat(objects.objects()).extracting(ClusterObject::key).doesNotContain(pod("web"));
  }

  @Test
  void n10_whatIsBrokenKeepsItsLastForm() throws Exception {
    Files.writeString(user.resolve("a.yaml"), POD);
    mirror.sync();
    var objects = new ObjectsInForce(derived, GRACE);
    objects.read(Instant.EPOCH);
    Files.writeString(user.resolve("a.yaml"), "kind: [");
    mirror.sync();
    objects.read(Instant.EPOCH.plusSeconds(1));
    assertThat(objects.objects()).extracting(ClusterObject::key).contains(pod("web"));
    assertThat(objects.problems()).singleElement().asString().contains("a.yaml");
  }

  private static ObjectKey pod(String name) {
    return ObjectKey.pod("default", name);
  }

  private void awaitChange() {
    await().until(() -> mirror.await(Duration.ofMillis(100)));
  }
}
