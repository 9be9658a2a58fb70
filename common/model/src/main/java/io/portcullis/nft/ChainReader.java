package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.net.Family;
import io.portcullis.net.IpRange;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Reads the chains of a listing: those of pods, and those that every table has. A chain is read
 * once all of the listing's rules are known.
 */
final class ChainReader {
  private final Findings findings;
  private final RejudgeReader rejudging;
  private final Map<String, ObjectNode> chains = new LinkedHashMap<>();
  private final Map<String, List<ObjectNode>> rules = new LinkedHashMap<>();
  private final SortedMap<String, List<Counter>> counters = new TreeMap<>();
  private Optional<Stamp> stamp = Optional.empty();
  private RetiredCounters retired = RetiredCounters.EMPTY;
  private CutMark mark = CutMark.DEFAULT;

  /**
   * Makes a reader.
   *
   * @param rejudging that reads the twins of pods' chains
   */
  ChainReader(Findings findings, RejudgeReader rejudging) {
    this.findings = findings;
    this.rejudging = rejudging;
  }

  void addChain(String name, ObjectNode chain) {
    chains.put(name, chain);
  }

  void addRule(ObjectNode rule) {
    rules.computeIfAbsent(rule.path("chain").asText(), _ -> new ArrayList<>()).add(rule);
  }

  /** Returns the counters of each pod's chain by the key of its record. */
  SortedMap<String, List<Counter>> counters() {
    return counters;
  }

  Optional<Stamp> stamp() {
    return stamp;
  }

  RetiredCounters retired() {
    return retired;
  }

  CutMark mark() {
    return mark;
  }

  /** Reads all chains. */
  void assemble() {
    readFixedChains();
    chains.forEach(this::readChain);
  }

  /** Reads the chains that are the same in every version; their rules say the pod CIDRs (C1). */
  private void readFixedChains() {
    var podCidrs = new TreeSet<IpRange>();
    for (var family : Family.values()) {
      listed(FixedChain.source(family)).stream()
          .flatMap(rule -> FixedRule.podCidr(rule.path("expr")).stream())
          .forEach(podCidrs::add);
    }
    podCidrs.forEach(range -> findings.add(new NodeRecord.PodCidr(range)));
    readConnections();
    var all = new ArrayList<>(FixedChain.all(podCidrs));
    all.addAll(RejudgeChains.all(mark));
    for (var fixed : all) {
      Optional.ofNullable(chains.remove(fixed.name())).ifPresent(chain -> readFixed(fixed, chain));
    }
  }

  /** Reads the chain whose rules say the mark that others ask for (C2). */
  private void readConnections() {
    var chain = chains.remove(ObjectNames.CONNECTIONS);
    var key = "chain/" + ObjectNames.CONNECTIONS;
    if (chain != null && findings.hasOnly(key, chain, List.of())) {
      requireRules(key, listed(ObjectNames.CONNECTIONS), this::isConnections);
    }
  }

  private void readFixed(FixedChain fixed, ObjectNode chain) {
    var key = "chain/" + fixed.name();
    var hook = Findings.properties(chain);
    var expectedHook =
        fixed
            .hook()
            .map(base -> base.listed(fixed.name()))
            .orElseGet(JsonNodeFactory.instance::objectNode);
    if (!hook.equals(expectedHook)) {
      findings.unexpected(key, hook.toString());
    }
    var expected = fixed.rules().stream().map(FixedRule::listed).toList();
    requireRules(
        key,
        listed(fixed.name()),
        found ->
            found.stream().map(FixedRule::normal).toList().equals(expected)
                || hasBegun(fixed.name(), found));
  }

  /**
   * Returns whether it is a base chain that leads to where narrowed endpoints are looked up (C2).
   */
  private boolean hasBegun(String name, List<JsonNode> found) {
    var begun =
        RejudgeChains.bases().stream()
            .filter(base -> base.name().equals(name))
            .anyMatch(base -> base.rules().stream().map(FixedRule::listed).toList().equals(found));
    if (begun) {
      rejudging.begun(name);
    }
    return begun;
  }

  private void readChain(String name, ObjectNode chain) {
    var key = "chain/" + name;
    var listed = listed(name);
    if (!findings.hasOnly(key, chain, List.of())) {
      return;
    }
    for (var deny : DenyChain.all()) {
      if (name.equals(deny.chain())) {
        requireRules(key, listed, deny::isListedAs);
        return;
      }
    }
    switch (name) {
      case GuardChain.NAME -> requireRules(key, listed, ChainReader::isGuard);
      case Stamp.CHAIN -> readStamp(key, listed);
      case RetiredCounters.CHAIN -> retired = RetiredCounters.read(listed);
      default ->
          TwinChain.parse(name)
              .ifPresentOrElse(id -> readTwin(id, listed), () -> readPodChain(name, listed));
    }
  }

  private void readTwin(ChainId chain, List<ObjectNode> listed) {
    try {
      rejudging.addTwin(chain, listed.stream().map(RuleReader::expressions).toList());
    } catch (IllegalArgumentException e) {
      findings.unexpected("chain/" + TwinChain.name(chain), e.getMessage() + " " + text(listed));
    }
  }

  private boolean isConnections(List<JsonNode> listed) {
    mark = CutMark.read(listed);
    return true;
  }

  private static boolean isGuard(List<JsonNode> listed) {
    return listed.stream().map(GuardChain::uncounted).toList().equals(GuardChain.listed());
  }

  private void readStamp(String key, List<ObjectNode> listed) {
    try {
      stamp = Optional.of(Stamp.read(listed));
    } catch (IllegalArgumentException _) {
      findings.unexpected(key, text(listed));
    }
  }

  private void readPodChain(String name, List<ObjectNode> listed) {
    var key = "chain/" + name;
    try {
      var read = PodChain.read(ChainId.parse(name), listed);
      findings.add(read.chain());
      counters.put(key, read.counters());
    } catch (IllegalArgumentException e) {
      findings.unexpected(key, e.getMessage() + " " + text(listed));
    }
  }

  /**
   * Notes a chain that every table has, and its rules as unexpected where they differ.
   *
   * @param asWritten whether the expressions of its rules are as written; throws where they are not
   */
  private void requireRules(
      String key, List<ObjectNode> listed, Predicate<List<JsonNode>> asWritten) {
    findings.found(key);
    try {
      if (asWritten.test(listed.stream().map(RuleReader::expressions).toList())) {
        return;
      }
    } catch (IllegalArgumentException _) {
      // reported below, like every other difference
    }
    findings.unexpected(key, text(listed));
  }

  private List<ObjectNode> listed(String chain) {
    return rules.getOrDefault(chain, List.of());
  }

  /** Returns the rules for people to read, without what their counters have counted. */
  private static String text(List<ObjectNode> listed) {
    return listed.stream()
        .map(
            rule ->
                rule.path("expr").toString().replaceAll("\"(packets|bytes)\":[0-9]+", "\"$1\":0"))
        .collect(Collectors.joining("\n"));
  }
}
