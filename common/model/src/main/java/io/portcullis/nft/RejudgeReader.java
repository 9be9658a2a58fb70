package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads which endpoints are narrowed (C2), and notes as unexpected whatever does not follow from
 * that and from the rule set: twins, entries that lead to them, and whether base chains lead there.
 */
final class RejudgeReader {
  private final Findings findings;
  private final SortedSet<IpAddress> narrowed = new TreeSet<>();
  private final Map<TrafficPath, SortedMap<IpAddress, ChainId>> entries =
      new EnumMap<>(TrafficPath.class);
  private final SortedMap<ChainId, List<JsonNode>> twins = new TreeMap<>();
  private final SortedSet<String> begun = new TreeSet<>();

  RejudgeReader(Findings findings) {
    this.findings = findings;
    for (var path : TrafficPath.values()) {
      entries.put(path, new TreeMap<>());
    }
  }

  /** Returns the endpoints whose live connections are judged again. */
  SortedSet<IpAddress> narrowed() {
    return Collections.unmodifiableSortedSet(narrowed);
  }

  /** Reads the elements of a set of narrowed addresses. */
  void readNarrowed(String key, JsonNode elements) {
    findings.found(key);
    for (var element : elements) {
      try {
        narrowed.add(ElementReader.address(element));
      } catch (IllegalArgumentException _) {
        findings.unexpected(key, element.toString());
      }
    }
  }

  /** Reads a map if it is one that leads to twins; returns whether it is. */
  boolean readMap(String name, ObjectNode object) {
    for (var path : TrafficPath.values()) {
      for (var family : Family.values()) {
        if (name.equals(ObjectNames.twins(path, family))) {
          readEntries("map/" + name, object, path, family);
          return true;
        }
      }
    }
    return false;
  }

  private void readEntries(String key, ObjectNode object, TrafficPath path, Family family) {
    if (object.path("type").asText().equals(ObjectNames.address(family))
        && object.path("map").asText().equals("verdict")
        && findings.hasOnly(key, object, List.of("type", "map", "elem"))) {
      findings.found(key);
      object.path("elem").forEach(element -> readEntry(key, element, path));
    }
  }

  private void readEntry(String key, JsonNode element, TrafficPath path) {
    try {
      var address = ElementReader.address(element.path(0));
      var chain = TwinChain.parse(element.path(1).path("jump").path("target").asText());
      if (chain.isPresent()) {
        entries.get(path).put(address, chain.get());
        return;
      }
    } catch (IllegalArgumentException _) {
      // reported below, like every entry that leads to no twin
    }
    findings.unexpected(key, element.toString());
  }

  /** Notes a twin and the expressions of its rules. */
  void addTwin(ChainId chain, List<JsonNode> listed) {
    twins.put(chain, listed);
  }

  /** Notes that a base chain leads to where narrowed addresses are looked up. */
  void begun(String baseChain) {
    begun.add(baseChain);
  }

  /** Compares all of it with the rule set of the table. */
  void assemble(RuleSet rules) {
    var expected = new Rejudging(narrowed, rules);
    for (var path : TrafficPath.values()) {
      var found = entries.get(path);
      if (!found.equals(expected.entries(path))) {
        findings.unexpected(
            "map/" + ObjectNames.twins(path, Family.V4),
            found + " instead of " + expected.entries(path));
      }
    }
    for (var ip : narrowed) {
      if (rules.endpoint(ip).isEmpty()) {
        findings.unexpected("set/" + ObjectNames.narrowed(ip.family()), ip + " is no endpoint");
      }
    }
    compareTwins(expected);
    for (var base : RejudgeChains.bases()) {
      if (begun.contains(base.name()) == narrowed.isEmpty()) {
        findings.unexpected("chain/" + base.name(), "narrowed are " + narrowed);
      }
    }
  }

  private void compareTwins(Rejudging expected) {
    var all = expected.twins();
    for (var chain : all.values()) {
      var twin = new TwinChain(chain);
      var found = twins.remove(chain.id());
      if (found == null) {
        findings.unexpected("chain/" + twin.name(), "missing");
      } else if (!isAsWritten(twin, found)) {
        findings.unexpected("chain/" + twin.name(), found.toString());
      }
    }
    twins.forEach(
        (chain, listed) ->
            findings.unexpected("chain/" + TwinChain.name(chain), "needed by nothing: " + listed));
  }

  private static boolean isAsWritten(TwinChain twin, List<JsonNode> found) {
    return found.stream()
        .map(RejudgeReader::named)
        .toList()
        .equals(twin.rules().stream().map(FixedRule::listed).toList());
  }

  /** Returns the expressions with protocols by name: some machines have no names for them. */
  private static JsonNode named(JsonNode expressions) {
    var copy = expressions.deepCopy();
    for (var match : copy.findValues("match")) {
      if (match instanceof ObjectNode object && object.path("left").equals(ListingJson.PROTOCOL)) {
        protocol(object.path("right"))
            .ifPresent(name -> object.set("right", JsonNodeFactory.instance.textNode(name)));
      }
    }
    return copy;
  }

  private static Optional<String> protocol(JsonNode right) {
    try {
      return Optional.of(ElementReader.protocol(right).nft());
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
