package io.portcullis.agent.program;

import io.portcullis.net.IpAddress;
import io.portcullis.nft.Edit;
import io.portcullis.nft.Rejudging;
import io.portcullis.nft.Target.ChainTarget;
import io.portcullis.nft.Target.Conjunction;
import io.portcullis.nft.Target.SingleChain;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.TrafficPath;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What of a model table judges live connections again. */
final class ModelTwins {
  final Map<ChainId, Chain> chains = new HashMap<>();
  final Set<Conjunction> conjunctions = new HashSet<>();
  final Map<TrafficPath, Map<IpAddress, ChainTarget>> entries = new EnumMap<>(TrafficPath.class);
  final Set<IpAddress> narrowed = new HashSet<>();
  boolean begun;
  boolean paused;

  ModelTwins() {
    for (var path : TrafficPath.values()) {
      entries.put(path, new HashMap<>());
    }
  }

  ModelTwins copy() {
    var copy = new ModelTwins();
    copy.chains.putAll(chains);
    copy.conjunctions.addAll(conjunctions);
    entries.forEach((path, map) -> copy.entries.get(path).putAll(map));
    copy.narrowed.addAll(narrowed);
    copy.begun = begun;
    copy.paused = paused;
    return copy;
  }

  /** Makes a change if it is one of twins; what nft would refuse fails. */
  void apply(Edit edit) {
    switch (edit) {
      case Edit.AddTwins(var more) ->
          more.forEach(chain -> isTrue(chains.put(chain.id(), chain) == null, chain.id()));
      case Edit.RemoveTwins(var gone) ->
          gone.forEach(
              target -> {
                isTrue(
                    entries.values().stream().noneMatch(map -> map.containsValue(target)), target);
                isTrue(
                    switch (target) {
                      case SingleChain(var id) -> chains.remove(id) != null;
                      case Conjunction both -> conjunctions.remove(both);
                    },
                    target);
              });
      case Edit.AddTwinConjunction(var both) -> {
        isTrue(chains.containsKey(both.first()) && chains.containsKey(both.second()), both);
        isTrue(conjunctions.add(both), both);
      }
      case Edit.AddTwinEntries(var path, _, var more) ->
          more.forEach(
              (ip, target) -> {
                isTrue(
                    switch (target) {
                      case SingleChain(var id) -> chains.containsKey(id);
                      case Conjunction both -> conjunctions.contains(both);
                    },
                    target);
                isTrue(entries.get(path).put(ip, target) == null, ip);
              });
      case Edit.RemoveTwinEntries(var path, _, var gone) ->
          gone.forEach(ip -> isTrue(entries.get(path).remove(ip) != null, ip));
      case Edit.AddNarrowed(_, var more) -> more.forEach(ip -> isTrue(narrowed.add(ip), ip));
      case Edit.RemoveNarrowed(_, var gone) -> gone.forEach(ip -> isTrue(narrowed.remove(ip), ip));
      case Edit.BeginRejudging _ -> begun = true;
      case Edit.EndRejudging _ -> begun = false;
      case Edit.PauseCutting _ -> paused = true;
      case Edit.ResumeCutting _ -> paused = false;
      default -> {} // of the rest of the table
    }
  }

  private static void isTrue(boolean condition, Object what) {
    if (!condition) {
      throw new AssertionError("the kernel refuses: " + what);
    }
  }

  /** Whether these are the twins that such a table needs, and nothing else. */
  boolean are(Rejudging expected) {
    for (var path : TrafficPath.values()) {
      var targets = new HashMap<IpAddress, ChainTarget>();
      expected.entries(path).forEach((ip, id) -> targets.put(ip, new SingleChain(id)));
      if (!entries.get(path).equals(targets)) {
        return false;
      }
    }
    return conjunctions.isEmpty()
        && chains.equals(expected.twins())
        && narrowed.equals(expected.narrowed())
        && begun == !narrowed.isEmpty()
        && !paused;
  }
}
