package io.portcullis.agent.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.version.VersionOutcome.Verified;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Records that no compiler writes: some hundred in each try. */
class FuzzedRecordsTest {
  private static final List<String> PIECES =
      List.of(
          "null",
          "{}",
          "[]",
          "7",
          "-1",
          "1e999",
          "\"\"",
          "\"in_\"",
          "{\"rules\":null}",
          "\"; flush ruleset; #",
          "}\ndelete table inet portcullis\n",
          "\u0000",
          "\ud83d\ude00",
          "[".repeat(5_000),
          "{\"a\":".repeat(3_000),
          "9".repeat(2_000),
          "x".repeat(20_000));

  @Property(tries = 250)
  void nothingOfThemIsEnforcedAndTheNextGoodVersionHeals(@ForAll Random random) {
    var topic = new WrittenTopic(random);
    var reader = new VersionReader(Optional.empty());
    reader.restored(topic.id(), topic.content());
    for (var version = 0; version < 5; version++) {
      var fuzzed = fuzzed(topic.writeVersion(), random);
      if (reader.changed(fuzzed) instanceof Verified verified) {
        assertThat(verified.version().rules().digest()).isEqualTo(topic.rules().digest());
      }
      var restoring = new VersionReader(Optional.empty());
      if (restoring.restored(topic.id(), values(fuzzed)) instanceof Verified verified) {
        assertThat(verified.version().rules().digest()).isEqualTo(topic.rules().digest());
      }
    }
    topic.writeVersion();
    assertThat(reader.restored(topic.id(), topic.content()))
        .isInstanceOfSatisfying(
            Verified.class, v -> assertThat(v.version().rules()).isEqualTo(topic.rules()));
  }

  private static Map<String, byte[]> values(List<Entry> entries) {
    var values = new java.util.TreeMap<String, byte[]>();
    entries.forEach(entry -> entry.value().ifPresent(value -> values.put(entry.key(), value)));
    return values;
  }

  private static List<Entry> fuzzed(List<Entry> written, Random random) {
    var entries = new ArrayList<Entry>();
    for (var entry : written) {
      switch (random.nextInt(6)) {
        case 0 -> entries.add(new Entry(fuzzed(entry.key(), random), entry.value()));
        case 1, 2 -> entries.add(new Entry(entry.key(), entry.value().map(v -> fuzzed(v, random))));
        case 3 -> {} // lost
        case 4 -> {
          entries.add(entry);
          entries.add(written.get(random.nextInt(written.size())));
        }
        default -> entries.add(entry);
      }
    }
    return entries;
  }

  private static String fuzzed(String text, Random random) {
    var at = random.nextInt(text.length() + 1);
    var to = at + random.nextInt(text.length() + 1 - at);
    return text.substring(0, at) + PIECES.get(random.nextInt(PIECES.size())) + text.substring(to);
  }

  private static byte[] fuzzed(byte[] value, Random random) {
    if (random.nextBoolean()) {
      return fuzzed(new String(value, StandardCharsets.UTF_8), random)
          .getBytes(StandardCharsets.UTF_8);
    }
    var bytes = value.clone();
    for (var flips = 1 + random.nextInt(3); flips > 0 && bytes.length > 0; flips--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }
}
