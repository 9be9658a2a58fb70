package io.portcullis.agent.state;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portcullis.net.IpAddress;
import io.portcullis.nft.GuardLease;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files on the disk that are whole, damaged, or of another release. */
class NodeStateTest {
  private static final Random RANDOM = new Random(7);

  @TempDir private Path folder;
  private StateDirectory directory;

  @BeforeEach
  void prepare() throws IOException {
    directory = new StateDirectory(folder);
    directory.prepare();
  }

  private static SavedVersion saved(RuleSet rules, Map<String, String> links) {
    return new SavedVersion(
        new SavedVersion.Header(
            SavedVersion.FORMAT,
            "node-1",
            "boot",
            12,
            "AbcdefghijklmnopqrstuQ",
            rules.digest().hex(),
            34,
            new TreeMap<>(links)),
        rules);
  }

  @Test
  void whateverIsSavedIsReadAgain() throws IOException {
    assertThat(directory.read()).isEmpty();
    for (var i = 0; i < 50; i++) {
      var version = saved(RandomRuleSets.next(RANDOM), Map.of("10.0.0.1", "veth@7"));
      directory.write(version);
      var read = directory.read().orElseThrow();
      assertThat(read.header()).isEqualTo(version.header());
      assertThat(directory.readHeader()).contains(version.header());
      assertThat(read.rules().records()).isEqualTo(version.rules().records());
    }
  }

  @Test
  void whateverIsDamagedIsNotRead() throws IOException {
    directory.write(saved(RandomRuleSets.next(RANDOM), Map.of("10.0.0.1", "veth@7")));
    var file = folder.resolve("version");
    var whole = Files.readAllBytes(file);
    for (var i = 0; i < 500; i++) {
      var damaged = whole.clone();
      damaged[RANDOM.nextInt(damaged.length)] ^= (byte) (1 << RANDOM.nextInt(8));
      Files.write(file, damaged);
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(directory::read)
          .withMessageContaining(file.toString());
      assertThatExceptionOfType(IOException.class).isThrownBy(directory::readHeader);
    }
    for (var i = 0; i < 100; i++) {
      Files.write(file, Arrays.copyOf(whole, RANDOM.nextInt(whole.length)));
      assertThatExceptionOfType(IOException.class).isThrownBy(directory::read);
    }
    Files.write(file, whole);
    assertThat(directory.read()).isPresent();
  }

  @Test
  void anotherFormatIsNotRead() throws IOException {
    StateFile.replaceLines(
        folder.resolve("version"), lines -> lines.add("{\"format\":2,\"node\":\"node-1\"}"));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(directory::read)
        .withMessageContaining("format");
  }

  @Test
  void aWriteThatWasInterruptedHarmsNothing() throws IOException {
    directory.write(saved(RuleSet.EMPTY, Map.of()));
    Files.writeString(folder.resolve("version.next"), "half");
    assertThat(directory.read()).isPresent();
    directory.write(saved(RandomRuleSets.next(RANDOM), Map.of()));
    assertThat(folder.resolve("version.next")).doesNotExist();
  }

  @Test
  void c3_onlyEndpointsOfTheSameLinksAreLeft() {
    var rules =
        Stream.generate(() -> RandomRuleSets.next(RANDOM))
            .filter(some -> some.endpoints().size() > 2)
            .findFirst()
            .orElseThrow();
    var ips = rules.endpoints().stream().map(Endpoint::ip).map(IpAddress::toString).toList();
    var then = new TreeMap<String, String>();
    ips.forEach(ip -> then.put(ip, "veth@7"));
    then.remove(ips.get(1)); // it was routed nowhere
    var now = new TreeMap<>(then);
    now.put(ips.get(1), "veth@7");
    now.put(ips.get(2), "veth@8"); // another pod has it
    var left = saved(rules, then).rulesOf(now);
    assertThat(left.endpoints().stream().map(Endpoint::ip).map(IpAddress::toString))
        .containsExactlyInAnyOrderElementsOf(
            ips.stream().filter(ip -> !ip.equals(ips.get(1)) && !ip.equals(ips.get(2))).toList());
    assertThat(left.chains()).containsExactlyInAnyOrderElementsOf(rules.chains());
  }

  @Test
  void aLeaseEndsWhenItWouldHaveEnded() throws IOException {
    directory.write(new SavedLease("boot", 1_000));
    var lease = directory.readLease().orElseThrow();
    assertThat(lease.left(400)).isEqualTo(new GuardLease.For(Duration.ofNanos(600)));
    assertThat(lease.left(1_000)).isEqualTo(GuardLease.NONE);
  }

  @Test
  void aBootFileIsWrittenOnceForTheSameContent() throws IOException {
    directory.writeBoot("table inet a\n");
    var key = Files.readAttributes(directory.boot(), "unix:ino").get("ino");
    directory.writeBoot("table inet a\n");
    assertThat(Files.readAttributes(directory.boot(), "unix:ino")).containsEntry("ino", key);
    directory.writeBoot("table inet b\n");
    await().until(() -> Files.readString(directory.boot()).equals("table inet b\n"));
  }
}
