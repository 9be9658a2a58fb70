package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.TrafficPath;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads endpoints: addresses that reach themselves, each with one entry in the verdict map of every
 * path.
 */
final class EndpointReader {
  private final Findings findings;
  private final SortedSet<IpAddress> addresses = new TreeSet<>();
  private final Map<TrafficPath, SortedMap<IpAddress, Optional<ChainId>>> verdicts =
      new EnumMap<>(TrafficPath.class);

  EndpointReader(Findings findings) {
    this.findings = findings;
    for (var path : TrafficPath.values()) {
      verdicts.put(path, new TreeMap<>());
    }
  }

  /** Reads an element of the set of addresses that reach themselves. */
  void readSelf(String key, JsonNode element, Family family) {
    var pair = element.path("concat");
    try {
      var address = ElementReader.address(pair.path(0));
      if (pair.size() == 2 && pair.get(0).equals(pair.get(1)) && address.family() == family) {
        addresses.add(address);
        return;
      }
    } catch (IllegalArgumentException _) {
      // reported below, like every pair that is not an address with itself
    }
    findings.unexpected(key, element.toString());
  }

  /** Reads a map. */
  void readMap(String name, ObjectNode object) {
    var key = "map/" + name;
    for (var path : TrafficPath.values()) {
      for (var family : Family.values()) {
        if (name.equals(ObjectNames.verdicts(path, family))) {
          readVerdicts(key, object, path, family);
          return;
        }
      }
    }
    findings.unexpected(key, "a map of somebody else");
  }

  private void readVerdicts(String key, ObjectNode object, TrafficPath path, Family family) {
    if (object.path("type").asText().equals(ObjectNames.address(family))
        && object.path("map").asText().equals("verdict")
        && findings.hasOnly(key, object, List.of("type", "map", "elem"))) {
      findings.found(key);
      object.path("elem").forEach(element -> readVerdict(key, element, path));
    }
  }

  private void readVerdict(String key, JsonNode element, TrafficPath path) {
    try {
      var address = ElementReader.address(element.path(0));
      var verdict = element.path(1);
      var chain =
          verdict.has("return")
              ? Optional.<ChainId>empty()
              : Optional.of(ChainId.parse(verdict.path("goto").path("target").asText()));
      if (chain.stream().allMatch(id -> id.direction() == path.direction())) {
        verdicts.get(path).put(address, chain);
        return;
      }
    } catch (IllegalArgumentException _) {
      // reported below, like every entry that leads to no chain of that direction
    }
    findings.unexpected(key, element.toString());
  }

  /** Adds the endpoints to the findings, once all sets and maps have been read. */
  void assemble() {
    for (var ip : addresses) {
      findings.add(
          new NodeRecord.Endpoint(
              ip,
              "",
              chain(ip, TrafficPath.INGRESS),
              chain(ip, TrafficPath.EGRESS),
              chain(ip, TrafficPath.TO_OWN_NODE)));
    }
    verdicts.forEach(
        (path, left) ->
            left.keySet().stream()
                .filter(ip -> !addresses.contains(ip))
                .forEach(ip -> findings.unexpected(map(path, ip), ip + " is no endpoint")));
  }

  private Optional<ChainId> chain(IpAddress ip, TrafficPath path) {
    var chain = verdicts.get(path).get(ip);
    if (chain == null) {
      findings.unexpected(map(path, ip), ip + " is missing");
      return Optional.empty();
    }
    return chain;
  }

  private static String map(TrafficPath path, IpAddress ip) {
    return "map/" + ObjectNames.verdicts(path, ip.family());
  }
}
