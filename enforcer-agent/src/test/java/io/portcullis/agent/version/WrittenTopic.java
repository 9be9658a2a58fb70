package io.portcullis.agent.version;

import io.portcullis.json.Json;
import io.portcullis.net.Family;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** A node's topic as a compiler writes it, and as a broken one might. */
final class WrittenTopic {
  private final Random random;
  private final String id;
  private final TreeMap<String, byte[]> content = new TreeMap<>();
  private final List<String> strays = new ArrayList<>();
  private RuleSet rules = RuleSet.EMPTY;
  private long number = 1_000;

  WrittenTopic(Random random) {
    this.random = random;
    var bytes = new byte[11];
    random.nextBytes(bytes);
    this.id = HexFormat.of().formatHex(bytes);
  }

  String id() {
    return id;
  }

  /** The newest value by key. */
  Map<String, byte[]> content() {
    return new TreeMap<>(content);
  }

  /** The rule set of the newest right version. */
  RuleSet rules() {
    return rules;
  }

  /** The number of the newest version. */
  long number() {
    return number;
  }

  void backTo(long number) {
    this.number = number;
  }

  List<Entry> writeVersion() {
    return write(RandomRuleSets.ofAnyNode(random));
  }

  List<Entry> write(RuleSet next) {
    return write(next, ++number, next.digest().hex());
  }

  List<Entry> writeWithNumber(long number) {
    var next = RandomRuleSets.ofAnyNode(random);
    return write(next, number, next.digest().hex());
  }

  List<Entry> writeWithDigest(String digest) {
    return write(RandomRuleSets.ofAnyNode(random), ++number, digest);
  }

  /** One that must not be enforced after that one, whatever is wrong; the next one repairs it. */
  List<Entry> writeWrongVersion(long newest) {
    return switch (random.nextInt(newest > 0 ? 5 : 4)) {
      case 0 -> writeWithDigest(HexFormat.of().formatHex(new byte[32]));
      case 4 -> writeWithNumber(newest - 1 - random.nextInt(3));
      case 2 -> withEntry(new Entry("endpoint/10.9.9.9", Optional.of(bytes("{\"ingress\":7}"))));
      case 3 -> withEntry(new Entry("guard/x", Optional.of(bytes("{}"))));
      default -> writeDangling();
    };
  }

  private List<Entry> writeDangling() {
    var orphan = SetId.of(SetKind.HOSTS, Family.V4, "nowhere");
    var records = new ArrayList<NodeRecord>(RandomRuleSets.ofAnyNode(random).records().values());
    records.add(new NodeRecord.Member(orphan, Element.parse("10.0.0.1")));
    return write(RuleSet.of(records));
  }

  private List<Entry> withEntry(Entry broken) {
    var entries = new ArrayList<>(writeVersion());
    entries.add(entries.size() - 1, broken);
    broken.value().ifPresent(value -> content.put(broken.key(), value));
    strays.add(broken.key());
    return entries;
  }

  private List<Entry> write(RuleSet next, long number, String digest) {
    var change = RuleSetChange.between(rules, next);
    var entries = new ArrayList<Entry>();
    strays.forEach(key -> entries.add(new Entry(key, Optional.empty())));
    strays.clear();
    change
        .puts()
        .forEach((key, item) -> entries.add(new Entry(key, Optional.of(NodeRecords.bytes(item)))));
    change.removals().keySet().forEach(key -> entries.add(new Entry(key, Optional.empty())));
    var marker =
        new Marker(
            number,
            new Marker.Content(digest, next.size(), id),
            new Marker.Compilation(
                new Marker.ClusterPosition("cluster", 7),
                new Marker.Shard(0, 32),
                1,
                List.of(),
                "test"));
    entries.add(new Entry(Marker.KEY, Optional.of(Json.bytes(marker))));
    for (var entry : entries) {
      entry
          .value()
          .ifPresentOrElse(
              value -> content.put(entry.key(), value), () -> content.remove(entry.key()));
    }
    rules = next;
    return entries;
  }

  static RuleSet rulesWithMembers(String... addresses) {
    var set = SetId.of(SetKind.HOSTS, Family.V4, "pods");
    var records = new ArrayList<NodeRecord>(List.of(new NodeRecord.AddressSet(set, "pods")));
    for (var address : addresses) {
      records.add(new NodeRecord.Member(set, Element.parse(address)));
    }
    return RuleSet.of(records);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
