package io.portcullis.nft;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.json.Json;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.nft.NftDump.Alien;
import io.portcullis.nft.NftDump.Counter;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Reads one listing of a table. Everything that is not exactly as {@link NftRenderer} writes it
 * becomes an alien; nothing is passed over.
 */
final class DumpReader {
  private static final List<String> OF_EVERY_OBJECT = List.of("family", "table", "name", "handle");

  private final List<NodeRecord> records = new ArrayList<>();
  private final List<Alien> aliens = new ArrayList<>();
  private final SortedMap<String, List<Counter>> counters = new TreeMap<>();
  private final SortedSet<String> missing = new TreeSet<>();
  private final Map<String, ObjectNode> chains = new LinkedHashMap<>();
  private final Map<String, List<ObjectNode>> rules = new LinkedHashMap<>();
  private final SortedSet<IpAddress> endpoints = new TreeSet<>();
  private final Map<TrafficPath, SortedMap<IpAddress, Optional<ChainId>>> verdicts =
      new EnumMap<>(TrafficPath.class);
  private final SortedSet<String> links = new TreeSet<>();
  private Optional<Stamp> stamp = Optional.empty();
  private RetiredCounters ledger = RetiredCounters.EMPTY;
  private GuardLease guard = GuardLease.NONE;
  private CutMark mark = CutMark.DEFAULT;

  private DumpReader() {
    missing.add("set/" + ObjectNames.POD_LINKS);
    for (var denial : DenyChain.all()) {
      missing.add("set/" + denial.set());
      missing.add("chain/" + denial.chain());
    }
    missing.add("chain/" + GuardChain.NAME);
    GuardChain.sets().forEach(set -> missing.add("set/" + set));
    missing.add("chain/" + ObjectNames.CONNECTIONS);
    FixedChain.all(List.of()).forEach(fixed -> missing.add("chain/" + fixed.name()));
    for (var way : TrafficPath.values()) {
      verdicts.put(way, new TreeMap<>());
      for (var family : Family.values()) {
        missing.add("map/" + ObjectNames.verdicts(way, family));
        missing.add("set/" + ObjectNames.self(family));
      }
    }
  }

  static NftDump read(String json) {
    JsonNode objects;
    try {
      objects = Json.mapper().readTree(json).path("nftables");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a listing of nft: " + e.getMessage(), e);
    }
    if (!objects.isArray()) {
      throw new IllegalArgumentException("not a listing of nft: no array \"nftables\"");
    }
    var reader = new DumpReader();
    objects.forEach(reader::object);
    reader.fixedChains();
    reader.chains.forEach(reader::chain);
    reader.assembleEndpoints();
    reader.missing.forEach(key -> reader.alien(key, "missing"));
    return new NftDump(
        RuleSet.of(reader.records),
        reader.aliens.stream().sorted().toList(),
        reader.counters,
        reader.stamp,
        Collections.unmodifiableSortedSet(reader.links),
        reader.ledger,
        reader.guard,
        reader.mark);
  }

  private void alien(String key, String content) {
    aliens.add(new Alien(key, content));
  }

  private void object(JsonNode wrapped) {
    var kind = wrapped.isObject() && wrapped.size() == 1 ? wrapped.fieldNames().next() : "";
    if (!(wrapped.path(kind) instanceof ObjectNode object)) {
      alien("object", wrapped.toString());
      return;
    }
    var name = object.path("name").asText();
    switch (kind) {
      case "metainfo" -> {}
      case "table" -> requireNothingElse("table", object, List.of());
      case "set" -> set(name, object);
      case "map" -> map(name, object);
      case "chain" -> chains.put(name, object);
      case "rule" ->
          rules.computeIfAbsent(object.path("chain").asText(), _ -> new ArrayList<>()).add(object);
      default -> {
        object.remove(List.of("handle"));
        alien(kind + "/" + name, object.toString());
      }
    }
  }

  /** Whether the object has no property beyond those; makes it an alien otherwise. */
  private boolean requireNothingElse(String key, ObjectNode object, List<String> known) {
    var rest = object.deepCopy();
    rest.remove(OF_EVERY_OBJECT);
    rest.remove(known);
    if (!rest.isEmpty()) {
      alien(key, rest.toString());
    }
    return rest.isEmpty();
  }

  private void set(String name, ObjectNode object) {
    var key = "set/" + name;
    for (var family : Family.values()) {
      if (name.equals(ObjectNames.self(family))) {
        if (isTyped(key, object, Elements.selfType(family), "")) {
          missing.remove(key);
          object.path("elem").forEach(element -> self(key, element, family));
        }
        return;
      }
    }
    if (GuardChain.sets().contains(name)) {
      guard(key, object);
      return;
    }
    for (var denial : DenyChain.all()) {
      if (name.equals(denial.set())) {
        if (isCounting(key, object, denial)) {
          missing.remove(key);
        }
        return;
      }
    }
    if (name.equals(ObjectNames.POD_LINKS)) {
      links(key, object);
      return;
    }
    SetId id;
    try {
      id = SetId.parse(name);
    } catch (IllegalArgumentException _) {
      alien(key, "a set of somebody else");
      return;
    }
    if (!isTyped(key, object, Elements.type(id), Elements.isInterval(id) ? "interval" : "")) {
      return;
    }
    records.add(new NodeRecord.AddressSet(id, ""));
    for (var element : object.path("elem")) {
      try {
        records.add(new NodeRecord.Member(id, Elements.parse(id.kind(), element)));
      } catch (IllegalArgumentException _) {
        alien(key, element.toString());
      }
    }
  }

  /** Whom it counts is no part of the rules: nothing passes or is dropped by that. */
  private boolean isCounting(String key, ObjectNode object, DenyChain denial) {
    var counts = object.remove("stmt");
    if (!ListingJson.json("[{'counter':null}]").equals(counts)) {
      alien(key, "counts nothing");
      return false;
    }
    return isTyped(
        key, object, JsonNodeFactory.instance.textNode(ObjectNames.address(denial.family())), "");
  }

  private void guard(String key, ObjectNode object) {
    if (!isTyped(key, object, GuardChain.SET_TYPE, "timeout")) {
      return;
    }
    missing.remove(key);
    try {
      guard = guard.orLonger(GuardChain.lease(object.path("elem")));
    } catch (IllegalArgumentException e) {
      alien(key, e.getMessage());
    }
  }

  private void links(String key, ObjectNode object) {
    if (!isTyped(key, object, Elements.LINK_TYPE, "")) {
      return;
    }
    missing.remove(key);
    for (var element : object.path("elem")) {
      if (element.isTextual()) {
        links.add(element.asText());
      } else {
        alien(key, element.toString());
      }
    }
  }

  private boolean isTyped(String key, ObjectNode object, JsonNode type, String flag) {
    var flags = object.path("flags");
    var text = flags.isTextual() ? "[\"" + flags.asText() + "\"]" : flags.toString();
    var expected = flag.isEmpty() ? "" : "[\"" + flag + "\"]";
    if (!object.path("type").equals(type) || !text.equals(expected)) {
      alien(key, "type " + object.path("type") + " flags " + text);
      return false;
    }
    return requireNothingElse(key, object, List.of("type", "flags", "elem"));
  }

  private void self(String key, JsonNode element, Family family) {
    var pair = element.path("concat");
    try {
      var address = Elements.address(pair.path(0));
      if (pair.size() == 2 && pair.get(0).equals(pair.get(1)) && address.family() == family) {
        endpoints.add(address);
        return;
      }
    } catch (IllegalArgumentException _) {
      // it is told below, as every pair that is none of ours
    }
    alien(key, element.toString());
  }

  private void map(String name, ObjectNode object) {
    var key = "map/" + name;
    for (var way : TrafficPath.values()) {
      for (var family : Family.values()) {
        if (name.equals(ObjectNames.verdicts(way, family))) {
          if (object.path("type").asText().equals(ObjectNames.address(family))
              && object.path("map").asText().equals("verdict")
              && requireNothingElse(key, object, List.of("type", "map", "elem"))) {
            missing.remove(key);
            object.path("elem").forEach(element -> verdict(key, element, way));
          }
          return;
        }
      }
    }
    alien(key, "a map of somebody else");
  }

  private void verdict(String key, JsonNode element, TrafficPath way) {
    try {
      var address = Elements.address(element.path(0));
      var verdict = element.path(1);
      var chain =
          verdict.has("return")
              ? Optional.<ChainId>empty()
              : Optional.of(ChainId.parse(verdict.path("goto").path("target").asText()));
      if (chain.stream().allMatch(id -> id.direction() == way.direction())) {
        verdicts.get(way).put(address, chain);
        return;
      }
    } catch (IllegalArgumentException _) {
      // it is told below, as every element that is none of ours
    }
    alien(key, element.toString());
  }

  private void chain(String name, ObjectNode object) {
    var key = "chain/" + name;
    var listed = rules.getOrDefault(name, List.of());
    if (!requireNothingElse(key, object, List.of())) {
      return;
    }
    if (name.equals(ObjectNames.CONNECTIONS)) {
      requireRules(key, listed, this::isMarked);
      return;
    }
    if (name.equals(GuardChain.NAME)) {
      requireRules(key, listed, DumpReader::isGuard);
      return;
    }
    if (name.equals(Stamp.CHAIN)) {
      stamp(key, listed);
      return;
    }
    if (name.equals(RetiredCounters.CHAIN)) {
      ledger = RetiredCounters.read(listed);
      return;
    }
    for (var denial : DenyChain.all()) {
      if (name.equals(denial.chain())) {
        requireRules(key, listed, denial::isListedAs);
        return;
      }
    }
    try {
      var read = RuleReader.chain(ChainId.parse(name), listed);
      records.add(read.chain());
      counters.put(key, read.counters());
    } catch (IllegalArgumentException e) {
      alien(key, e.getMessage() + " " + text(listed));
    }
  }

  /** Those that every table has; which pod CIDRs it has, one of them tells for all (C1). */
  private void fixedChains() {
    var podCidrs = new TreeSet<IpRange>();
    for (var family : Family.values()) {
      rules.getOrDefault(FixedChain.source(family), List.of()).stream()
          .flatMap(rule -> FixedRule.podCidr(rule.path("expr")).stream())
          .forEach(podCidrs::add);
    }
    podCidrs.forEach(range -> records.add(new NodeRecord.PodCidr(range)));
    FixedChain.all(podCidrs)
        .forEach(
            fixed ->
                Optional.ofNullable(chains.remove(fixed.name()))
                    .ifPresent(object -> fixed(fixed, object)));
  }

  private void fixed(FixedChain fixed, ObjectNode object) {
    var key = "chain/" + fixed.name();
    var hook = object.deepCopy();
    hook.remove(OF_EVERY_OBJECT);
    var expectedHook =
        fixed
            .hook()
            .map(base -> base.listed(fixed.name()))
            .orElseGet(JsonNodeFactory.instance::objectNode);
    if (!hook.equals(expectedHook)) {
      alien(key, hook.toString());
    }
    var expected = fixed.rules().stream().map(FixedRule::listed).toList();
    requireRules(
        key,
        rules.getOrDefault(fixed.name(), List.of()),
        found -> found.stream().map(FixedRule::normal).toList().equals(expected));
  }

  private boolean isMarked(List<JsonNode> listed) {
    mark = CutMark.read(listed);
    return true;
  }

  private static boolean isGuard(List<JsonNode> listed) {
    return listed.stream().map(GuardChain::uncounted).toList().equals(GuardChain.listed());
  }

  /**
   * A chain of ours is there; what its rules are otherwise is alien.
   *
   * @param asWritten of their expressions; it may throw where they are none of ours
   */
  private void requireRules(
      String key, List<ObjectNode> listed, Predicate<List<JsonNode>> asWritten) {
    missing.remove(key);
    try {
      if (asWritten.test(listed.stream().map(RuleReader::expressions).toList())) {
        return;
      }
    } catch (IllegalArgumentException _) {
      // it is told below, as every other difference
    }
    alien(key, text(listed));
  }

  private void stamp(String key, List<ObjectNode> listed) {
    try {
      stamp = Optional.of(RuleReader.stamp(listed));
    } catch (IllegalArgumentException _) {
      alien(key, text(listed));
    }
  }

  /** The rules for people, without what counts on. */
  private static String text(List<ObjectNode> listed) {
    return listed.stream()
        .map(
            rule ->
                rule.path("expr").toString().replaceAll("\"(packets|bytes)\":[0-9]+", "\"$1\":0"))
        .collect(Collectors.joining("\n"));
  }

  private void assembleEndpoints() {
    for (var ip : endpoints) {
      records.add(
          new NodeRecord.Endpoint(
              ip,
              "",
              target(ip, TrafficPath.INGRESS),
              target(ip, TrafficPath.EGRESS),
              target(ip, TrafficPath.TO_OWN_NODE)));
    }
    verdicts.forEach(
        (way, left) ->
            left.keySet()
                .forEach(
                    ip ->
                        alien(
                            "map/" + ObjectNames.verdicts(way, ip.family()),
                            ip + " is no endpoint")));
  }

  private Optional<ChainId> target(IpAddress ip, TrafficPath way) {
    var target = verdicts.get(way).remove(ip);
    if (target == null) {
      alien("map/" + ObjectNames.verdicts(way, ip.family()), ip + " is missing");
      return Optional.empty();
    }
    return target;
  }
}
