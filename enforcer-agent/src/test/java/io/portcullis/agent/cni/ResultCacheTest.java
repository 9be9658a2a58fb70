package io.portcullis.agent.cni;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** C1 with real files, and plain files in place of network namespaces. */
class ResultCacheTest {
  @TempDir private Path folder;

  private final AtomicInteger changes = new AtomicInteger();
  private Path results;
  private Path namespaces;
  private ResultCache cache;

  @BeforeEach
  void start() throws IOException {
    results = Files.createDirectory(folder.resolve("results"));
    namespaces = Files.createDirectory(folder.resolve("netns"));
    cache = ResultCache.of(results, namespaces);
    cache.start(changes::incrementAndGet);
  }

  @AfterEach
  void end() {
    cache.close();
  }

  private byte[] entry(String namespace, String pod, String ip) throws IOException {
    var path = namespaces.resolve(pod);
    if (Files.notExists(path)) {
      Files.createFile(path);
    }
    return CacheFolder.entry(namespace, path.toString(), ip, "veth1");
  }

  private void write(String pod, byte[] content) throws IOException {
    new CacheFolder(results).write(pod, content);
  }

  private void knows(String... ips) {
    await().until(() -> ips(), List.of(ips)::equals);
  }

  private List<String> ips() {
    return cache.attachments().stream()
        .flatMap(pod -> pod.addresses().stream())
        .map(Object::toString)
        .sorted()
        .toList();
  }

  @Test
  void c1_podsThatComeAndGoAreNoticed() throws IOException {
    assertThat(cache.trouble()).isEmpty();
    write("a", entry("kube-system", "a", "10.0.0.1"));
    knows("10.0.0.1");
    assertThat(changes).hasPositiveValue();
    write("b", entry("shop", "b", "10.0.0.2"));
    knows("10.0.0.1", "10.0.0.2");
    Files.delete(results.resolve("a"));
    knows("10.0.0.2");
  }

  @Test
  void c1_anEntryWithoutItsNetworkNamespaceIsOfNoPod() throws IOException {
    write("a", entry("kube-system", "a", "10.0.0.1"));
    write("b", entry("kube-system", "b", "10.0.0.2"));
    knows("10.0.0.1", "10.0.0.2");
    Files.delete(namespaces.resolve("a")); // as a boot does
    knows("10.0.0.2");
    Files.createFile(namespaces.resolve("a"));
    knows("10.0.0.1", "10.0.0.2");
  }

  @Test
  void c1_aNetworkNamespaceElsewhereIsNone() throws IOException {
    for (var path : List.of("/proc/self/ns/net", namespaces + "/../other", "", ".")) {
      write("a" + path.hashCode(), CacheFolder.entry("kube-system", path, "10.0.0.1", "veth1"));
    }
    Files.createFile(folder.resolve("other"));
    write("b", entry("kube-system", "b", "10.0.0.2"));
    knows("10.0.0.2");
  }

  @Test
  void c1_aHalfWrittenFileCountsWhenItIsWhole() throws IOException {
    var whole = entry("kube-system", "a", "10.0.0.1");
    write("a", Arrays.copyOf(whole, whole.length / 2));
    write("b", entry("kube-system", "b", "10.0.0.2"));
    knows("10.0.0.2");
    write("a", whole);
    knows("10.0.0.1", "10.0.0.2");
    write("a", Arrays.copyOf(whole, whole.length / 2));
    knows("10.0.0.2");
  }

  @Test
  void c1_anEntryOfTheSameLengthIsReadAgain() throws IOException {
    write("a", entry("kube-system", "a", "10.0.0.1"));
    knows("10.0.0.1");
    write("a", entry("kube-system", "a", "10.0.0.2"));
    knows("10.0.0.2");
  }

  @Test
  void c1_whatLibcniDoesNotWriteHarmsOnlyItself() throws Exception {
    write("garbage", new byte[] {0, 1, 2, (byte) 0xff});
    write("empty", new byte[0]);
    write("huge", new byte[CacheDirectory.LARGEST_FILE + 1]);
    Files.createDirectory(results.resolve("directory"));
    Files.createSymbolicLink(results.resolve("link"), Path.of("/dev/zero"));
    assertThat(new ProcessBuilder("mkfifo", results.resolve("pipe").toString()).start().waitFor())
        .isZero();
    write("a", entry("kube-system", "a", "10.0.0.1"));
    knows("10.0.0.1");
    assertThat(cache.trouble()).isEmpty();
    var directory = new CacheDirectory(results, namespaces);
    try (var files = Files.newDirectoryStream(results)) {
      for (var file : files) {
        if (Files.isRegularFile(file)) {
          Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        }
      }
    }
    assertThat(directory.read().refused())
        .containsKeys(
            results.resolve("garbage"), results.resolve("empty"), results.resolve("huge"));
  }

  @Test
  void c1_aDirectoryThatCannotBeReadIsToldAndKeepsWhatWasRead() throws IOException {
    write("a", entry("kube-system", "a", "10.0.0.1"));
    knows("10.0.0.1");
    Files.delete(results.resolve("a"));
    Files.delete(results);
    await().until(() -> cache.trouble().isPresent());
    assertThat(cache.trouble().get()).contains(results.toString(), "does not exist");
    results = Files.createDirectory(results);
    knows();
    assertThat(cache.trouble()).isEmpty();
    write("b", entry("kube-system", "b", "10.0.0.2"));
    knows("10.0.0.2");
  }

  @Test
  void switchedOffItKnowsNobody() {
    try (var off = ResultCache.off(Optional.empty())) {
      off.start(changes::incrementAndGet);
      assertThat(off.attachments()).isEmpty();
      assertThat(off.trouble()).isEmpty();
    }
  }
}
