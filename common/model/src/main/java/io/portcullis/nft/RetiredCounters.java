package io.portcullis.nft;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What rules counted whose chains are gone. The table holds it as rules of a chain that nothing
 * leads to, so it outlives the agent; it is no part of the digest.
 *
 * @param counts by {@link io.portcullis.ruleset.CountedRule#key}
 */
public record RetiredCounters(SortedMap<String, Counter> counts) {
  static final String CHAIN = "ledger";
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{32}");

  /** No rule has gone yet. */
  public static final RetiredCounters EMPTY = new RetiredCounters(new TreeMap<>());

  public RetiredCounters {
    for (var key : counts.keySet()) {
      if (!KEY.matcher(key).matches()) {
        throw new IllegalArgumentException("not a hash: " + key);
      }
    }
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }

  /** Returns what has been counted under that key. */
  public Counter of(String key) {
    return counts.getOrDefault(key, Counter.ZERO);
  }

  /** Returns these counters with more added. */
  public RetiredCounters plus(Map<String, Counter> more) {
    var sum = new TreeMap<>(counts);
    more.forEach((key, counter) -> sum.merge(key, counter, Counter::plus));
    return new RetiredCounters(sum);
  }

  /** Returns the counters that have one of these keys and are not zero. */
  public RetiredCounters only(Set<String> keys) {
    return new RetiredCounters(
        counts.entrySet().stream()
            .filter(entry -> keys.contains(entry.getKey()))
            .filter(entry -> !entry.getValue().equals(Counter.ZERO))
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, Map.Entry::getValue, Counter::plus, TreeMap::new)));
  }

  /** Returns the rules of the chain that holds the counters. */
  List<String> rules() {
    return counts.entrySet().stream()
        .map(
            entry ->
                "counter packets %d bytes %d comment \"%s\""
                    .formatted(
                        entry.getValue().packets(), entry.getValue().bytes(), entry.getKey()))
        .toList();
  }

  /** Reads the rules of that chain; rules of others count nothing. */
  static RetiredCounters read(List<ObjectNode> listed) {
    var counts = new TreeMap<String, Counter>();
    for (var rule : listed) {
      var key = rule.path("comment").asText();
      var counter = rule.path("expr").path(0).path("counter");
      if (KEY.matcher(key).matches() && counter.isObject()) {
        counts.merge(key, Counter.read(counter), Counter::plus);
      }
    }
    return new RetiredCounters(counts);
  }
}
