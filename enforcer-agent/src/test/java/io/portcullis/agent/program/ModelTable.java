package io.portcullis.agent.program;

import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.Edit;
import io.portcullis.nft.Target;
import io.portcullis.nft.Target.ChainTarget;
import io.portcullis.nft.Target.Conjunction;
import io.portcullis.nft.Target.SingleChain;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.TrafficPath;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A table as the kernel has it, with what a packet meets that is under way while it changes. */
final class ModelTable {
  private final Map<SetId, Set<Element>> sets = new HashMap<>();
  private final Map<String, Body> chains = new HashMap<>();
  private final Map<TrafficPath, Map<IpAddress, String>> leads = new EnumMap<>(TrafficPath.class);
  private final Set<IpAddress> self = new HashSet<>();
  ModelTwins twins = new ModelTwins();

  /** What a chain does. */
  private sealed interface Body {
    record Rules(Chain chain) implements Body {}

    record Both(String first, String second) implements Body {}
  }

  private ModelTable() {
    for (var way : TrafficPath.values()) {
      leads.put(way, new HashMap<>());
    }
  }

  static ModelTable of(RuleSet rules) {
    var table = new ModelTable();
    rules.sets().forEach(set -> table.sets.put(set.id(), new HashSet<>(set.elements())));
    rules.chains().forEach(c -> table.chains.put(c.id().toString(), new Body.Rules(c)));
    for (var endpoint : rules.endpoints()) {
      table.self.add(endpoint.ip());
      for (var way : TrafficPath.values()) {
        table.leads.get(way).put(endpoint.ip(), Target.of(endpoint.chain(way)).verdict());
      }
    }
    return table;
  }

  /** The table after a transaction; what nft would refuse fails. */
  ModelTable after(List<Edit> edits) {
    var next = new ModelTable();
    sets.forEach((id, members) -> next.sets.put(id, new HashSet<>(members)));
    next.chains.putAll(chains);
    leads.forEach((way, map) -> next.leads.get(way).putAll(map));
    next.self.addAll(self);
    next.twins = twins.copy();
    edits.forEach(next::apply);
    return next;
  }

  private void apply(Edit edit) {
    switch (edit) {
      case Edit.AddSet(var set) ->
          isNew(sets.put(set.id(), new HashSet<>(set.elements())), set.id());
      case Edit.RemoveSet(var id) -> isTrue(sets.remove(id) != null, id);
      case Edit.AddMembers(var id, var elements) -> sets.get(id).addAll(elements);
      case Edit.RemoveMembers(var id, var elements) ->
          elements.forEach(element -> isTrue(sets.get(id).remove(element), element));
      case Edit.AddChain(var chain) ->
          isNew(chains.put(chain.id().toString(), new Body.Rules(chain)), chain.id());
      case Edit.AddConjunction(var both) ->
          isNew(
              chains.put(
                  both.name(), new Body.Both(both.first().toString(), both.second().toString())),
              both);
      case Edit.RemoveChains(var gone) ->
          gone.stream()
              .map(ChainTarget::name)
              .forEach(
                  name -> {
                    isTrue(
                        leads.values().stream().noneMatch(m -> m.containsValue("goto " + name)),
                        name);
                    isTrue(chains.remove(name) != null, name);
                  });
      case Edit.AddVerdictEntries(var way, _, var targets) ->
          targets.forEach(
              (ip, target) -> {
                if (target instanceof ChainTarget to) {
                  isTrue(chains.containsKey(to.name()), target);
                }
                isNew(leads.get(way).put(ip, target.verdict()), ip);
              });
      case Edit.RemoveVerdictEntries(var way, _, var addresses) ->
          addresses.forEach(ip -> isTrue(leads.get(way).remove(ip) != null, ip));
      case Edit.AddEndpoints(_, var addresses) -> self.addAll(addresses);
      case Edit.RemoveEndpoints(_, var addresses) ->
          addresses.forEach(ip -> isTrue(self.remove(ip), ip));
      case Edit.SetStamp _,
          Edit.SetPodLinks _,
          Edit.SetKnownPods _,
          Edit.SetGuardLinks _,
          Edit.SetOpenCidrs _,
          Edit.SetGuard _,
          Edit.SetCutMark _ -> {}
      case Edit.AddTwins _,
          Edit.AddTwinConjunction _,
          Edit.RemoveTwins _,
          Edit.AddTwinEntries _,
          Edit.RemoveTwinEntries _,
          Edit.AddNarrowed _,
          Edit.RemoveNarrowed _,
          Edit.BeginRejudging _,
          Edit.EndRejudging _,
          Edit.PauseCutting _,
          Edit.ResumeCutting _ ->
          twins.apply(edit);
      case Edit.ResetDeniedCounters _,
          Edit.SetDeniedCounters _,
          Edit.SetRetiredCounters _,
          Edit.SetSampleRate _ -> {}
    }
  }

  private static void isNew(Object before, Object what) {
    isTrue(before == null, what);
  }

  private static void isTrue(boolean condition, Object what) {
    if (!condition) {
      throw new AssertionError("the kernel refuses: " + what);
    }
  }

  /** Whether it holds what that rule set says and nothing else. */
  boolean holds(RuleSet rules) {
    var wanted = of(rules);
    return sets.equals(wanted.sets)
        && chains.equals(wanted.chains)
        && leads.equals(wanted.leads)
        && self.equals(wanted.self);
  }

  /**
   * What becomes of a packet that reads the rules of this table from beginning to end.
   *
   * @param lookUps the table that the next look-up meets
   * @param ways the base chain's look-ups: of a forwarded packet, or of one to its own node
   */
  boolean passes(Flow flow, List<TrafficPath> ways, Supplier<ModelTable> lookUps) {
    for (var way : ways) {
      var subject = way.direction().subject(flow);
      var peer = way.direction().peer(flow);
      var first = lookUps.get().leads.get(way).get(subject);
      var packet = new Packet(subject, peer, flow.port());
      if (first != null
          && first.startsWith("goto ")
          && !accepts(first.substring("goto ".length()), packet, lookUps)) {
        return false;
      }
    }
    return true;
  }

  /** A packet as the chains of one end see it. */
  private record Packet(IpAddress subject, IpAddress peer, Optional<Flow.Port> port) {}

  /**
   * What becomes of a packet of a live connection.
   *
   * @param cut whether the connection is cut after it
   */
  record Fate(boolean passes, boolean cut) {}

  /** What becomes of a packet of a live connection that reads the rules of this table (C2). */
  Fate live(Flow flow, List<TrafficPath> ways, boolean cut, Supplier<ModelTable> lookUps) {
    if (!twins.begun || !isNarrowed(flow, ways, lookUps)) {
      return new Fate(!cut, cut);
    }
    for (var way : ways) {
      var subject = way.direction().subject(flow);
      var twin = lookUps.get().twins.entries.get(way).get(subject);
      var packet = new Packet(subject, way.direction().peer(flow), flow.port());
      if (twin != null && !accepts(twin, packet, lookUps)) {
        return new Fate(false, cut || !twins.paused);
      }
    }
    return !cut || isNarrowed(flow, ways, lookUps) ? new Fate(true, false) : new Fate(false, true);
  }

  private static boolean isNarrowed(
      Flow flow, List<TrafficPath> ways, Supplier<ModelTable> lookUps) {
    return lookUps.get().twins.narrowed.contains(flow.source())
        || ways.size() > 1 && lookUps.get().twins.narrowed.contains(flow.destination());
  }

  private boolean accepts(ChainTarget twin, Packet packet, Supplier<ModelTable> lookUps) {
    return switch (twin) {
      case SingleChain(var id) -> twinAccepts(new Action.Continue(id), packet, lookUps);
      case Conjunction both ->
          !twins.conjunctions.contains(both)
              || twinAccepts(new Action.Continue(both.first()), packet, lookUps)
                  && twinAccepts(new Action.Continue(both.second()), packet, lookUps);
    };
  }

  private boolean twinAccepts(Action action, Packet packet, Supplier<ModelTable> lookUps) {
    return switch (action) {
      case Action.Accept _ -> true;
      case Action.Deny _ -> false;
      case Action.Continue(var next) -> {
        var chain = twins.chains.get(next);
        if (chain == null) {
          yield true; // empty: the packet falls through
        }
        for (var rule : chain.rules()) {
          if (isPeer(rule, packet.peer(), packet.port(), lookUps)
              && rule.ports().matches(packet.port())) {
            yield twinAccepts(rule.action(), packet, lookUps);
          }
        }
        yield twinAccepts(chain.end(), packet, lookUps)
            || (chain.end() instanceof Action.Deny // T4
                && packet.subject().equals(packet.peer())
                && lookUps.get().self.contains(packet.peer()));
      }
    };
  }

  private static boolean isPeer(
      Rule rule, IpAddress peer, Optional<Flow.Port> port, Supplier<ModelTable> lookUps) {
    return rule.peers().isEmpty()
        || lookUps.get().sets.getOrDefault(rule.peers().get(), Set.of()).stream()
            .anyMatch(element -> element.matches(peer, port));
  }

  /** A chain that these rules do not have is empty: the packet falls through. */
  private boolean accepts(String name, Packet packet, Supplier<ModelTable> lookUps) {
    return switch (chains.get(name)) {
      case null -> true;
      case Body.Both(var first, var second) ->
          accepts(first, packet, lookUps) && accepts(second, packet, lookUps);
      case Body.Rules(var chain) -> {
        for (var rule : chain.rules()) {
          if (isPeer(rule, packet.peer(), packet.port(), lookUps)
              && rule.ports().matches(packet.port())) {
            yield accepts(rule.action(), packet, lookUps);
          }
        }
        yield accepts(chain.end(), packet, lookUps)
            || (chain.end() instanceof Action.Deny // T4
                && packet.subject().equals(packet.peer())
                && lookUps.get().self.contains(packet.peer()));
      }
    };
  }

  private boolean accepts(Action action, Packet packet, Supplier<ModelTable> lookUps) {
    return switch (action) {
      case Action.Accept _ -> true;
      case Action.Deny _ -> false;
      case Action.Continue(var next) -> accepts(next.toString(), packet, lookUps);
    };
  }
}
