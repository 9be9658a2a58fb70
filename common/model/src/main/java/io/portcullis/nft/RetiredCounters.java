package io.portcullis.nft;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.nft.NftDump.Counter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What rules counted whose chains are gone. It stands in the table as rules of a chain that nothing
 * leads to, so it outlives the agent; it is no part of the digest.
 *
 * @param counts by a hash of what counted
 */
public record RetiredCounters(SortedMap<String, Counter> counts) {
  static final String CHAIN = "ledger";
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{32}");

  /** Nothing has gone yet. */
  public static final RetiredCounters EMPTY = new RetiredCounters(new TreeMap<>());

  public RetiredCounters {
    for (var key : counts.keySet()) {
      if (!KEY.matcher(key).matches()) {
        throw new IllegalArgumentException("not a hash: " + key);
      }
    }
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }

  /** What is counted of it. */
  public Counter of(String key) {
    return counts.getOrDefault(key, Counter.ZERO);
  }

  /** With these counts too. */
  public RetiredCounters plus(Map<String, Counter> more) {
    var sum = new TreeMap<>(counts);
    more.forEach((key, counter) -> sum.merge(key, counter, Counter::plus));
    return new RetiredCounters(sum);
  }

  /** What of it is not zero and has one of these keys. */
  public RetiredCounters only(Set<String> keys) {
    return new RetiredCounters(
        counts.entrySet().stream()
            .filter(entry -> keys.contains(entry.getKey()))
            .filter(entry -> !entry.getValue().equals(Counter.ZERO))
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, Map.Entry::getValue, Counter::plus, TreeMap::new)));
  }

  /** The rules of its chain. */
  List<String> rules() {
    return counts.entrySet().stream()
        .map(
            entry ->
                "counter packets %d bytes %d comment \"%s\""
                    .formatted(
                        entry.getValue().packets(), entry.getValue().bytes(), entry.getKey()))
        .toList();
  }

  /** Reads the rules; what is none of ours counts nothing. */
  static RetiredCounters read(List<ObjectNode> listed) {
    var counts = new TreeMap<String, Counter>();
    for (var rule : listed) {
      var key = rule.path("comment").asText();
      var counter = rule.path("expr").path(0).path("counter");
      if (KEY.matcher(key).matches() && counter.isObject()) {
        counts.merge(key, RuleReader.counter(counter), Counter::plus);
      }
    }
    return new RetiredCounters(counts);
  }
}
