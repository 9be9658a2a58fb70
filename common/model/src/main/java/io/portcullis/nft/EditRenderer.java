package io.portcullis.nft;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.SetId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes changes of a table as a transaction for {@code nft -f}; the cost is that of the changes.
 */
public final class EditRenderer {
  private final String table;
  private final StringBuilder out = new StringBuilder();

  private EditRenderer(String table) {
    this.table = "inet " + table + " ";
  }

  /** Returns the transaction that makes these changes in their order. */
  public static String text(String table, List<Edit> edits) {
    var writer = new EditRenderer(table);
    edits.forEach(writer::write);
    return writer.out.toString();
  }

  private void write(Edit edit) {
    switch (edit) {
      case Edit.AddSet(var set) -> {
        command("add set", set.id().toString(), "{ " + NftSyntax.type(set.id()) + "; }");
        members("add", set.id(), set.elements());
      }
      case Edit.RemoveSet(var set) -> command("delete set", set.toString(), "");
      case Edit.AddMembers(var set, var elements) -> members("add", set, elements);
      case Edit.RemoveMembers(var set, var elements) -> members("delete", set, elements);
      case Edit.AddChain(var chain) -> {
        command("add chain", chain.id().toString(), "");
        rules(chain.id().toString(), chainRules(chain));
      }
      case Edit.AddConjunction(var both) -> {
        command("add chain", both.name(), "");
        rules(both.name(), Stream.of("jump " + both.first(), "goto " + both.second()));
      }
      case Edit.RemoveChains(var chains) -> {
        chains.forEach(chain -> command("flush chain", chain.name(), ""));
        chains.forEach(chain -> command("delete chain", chain.name(), ""));
      }
      case Edit.AddVerdictEntries(var path, var family, var targets) ->
          elements("add", ObjectNames.verdicts(path, family), verdictEntries(targets));
      case Edit.RemoveVerdictEntries(var path, var family, var addresses) ->
          elements("delete", ObjectNames.verdicts(path, family), texts(addresses));
      case Edit.AddEndpoints(var family, var addresses) -> {
        elements("add", ObjectNames.self(family), addresses.stream().map(NftSyntax::pair));
        denied("add", family, addresses);
      }
      case Edit.RemoveEndpoints(var family, var addresses) -> {
        elements("delete", ObjectNames.self(family), addresses.stream().map(NftSyntax::pair));
        uncounted(family, addresses);
      }
      case Edit.ResetDeniedCounters(var family, var addresses) -> {
        uncounted(family, addresses);
        denied("add", family, addresses);
      }
      case Edit.SetDeniedCounters(var direction, var family, var counts) -> {
        elements("delete", ObjectNames.denied(direction, family), texts(counts.keySet()));
        elements("add", ObjectNames.denied(direction, family), counted(counts));
      }
      case Edit.SetRetiredCounters(var counters) ->
          replace(RetiredCounters.CHAIN, counters.rules().stream());
      case Edit.SetSampleRate(var perSecond) ->
          DenyChain.all().forEach(deny -> refill(deny.chain(), deny.rules(perSecond).stream()));
      case Edit.SetPodLinks(var links) -> links(ObjectNames.POD_LINKS, links);
      case Edit.SetGuardLinks(var patterns) -> links(ObjectNames.GUARD_LINKS, patterns);
      case Edit.SetOpenCidrs(var families) -> {
        command("flush set", ObjectNames.OPEN_CIDRS, "");
        elements("add", ObjectNames.OPEN_CIDRS, families.stream().map(GuardChain::family));
      }
      case Edit.SetKnownPods(var addresses) -> known(addresses);
      case Edit.SetGuard(var turn, var lease) -> {
        command("flush set", GuardChain.set(turn), "");
        elements("add", GuardChain.set(turn), GuardChain.elements(lease));
      }
      case Edit.SetCutMark(var mark) -> {
        refill(ObjectNames.CONNECTIONS, mark.rules().stream());
        RejudgeChains.all(mark).forEach(this::refill);
      }
      case Edit.AddTwins(var chains) -> chains.stream().map(TwinChain::new).forEach(this::addTwin);
      case Edit.AddTwinConjunction(var both) -> {
        command("add chain", TwinChain.name(both), "");
        rules(
            TwinChain.name(both),
            Stream.of(
                "jump " + TwinChain.name(both.first()), "goto " + TwinChain.name(both.second())));
      }
      case Edit.RemoveTwins(var chains) -> {
        chains.forEach(chain -> command("flush chain", TwinChain.name(chain), ""));
        chains.forEach(chain -> command("delete chain", TwinChain.name(chain), ""));
      }
      case Edit.AddTwinEntries(var path, var family, var chains) ->
          elements("add", ObjectNames.twins(path, family), twinEntries(chains));
      case Edit.RemoveTwinEntries(var path, var family, var addresses) ->
          elements("delete", ObjectNames.twins(path, family), texts(addresses));
      case Edit.AddNarrowed(var family, var addresses) ->
          elements("add", ObjectNames.narrowed(family), texts(addresses));
      case Edit.RemoveNarrowed(var family, var addresses) ->
          elements("delete", ObjectNames.narrowed(family), texts(addresses));
      case Edit.BeginRejudging _ -> RejudgeChains.bases().forEach(this::refill);
      case Edit.EndRejudging _ -> FixedChain.bases().forEach(this::refill);
      case Edit.PauseCutting _ -> refill(RejudgeChains.pausedCut());
      case Edit.ResumeCutting _ -> refill(RejudgeChains.cut());
      case Edit.SetStamp(var stamp) -> replace(Stamp.CHAIN, Stream.of(NftSyntax.stamp(stamp)));
    }
  }

  private void links(String set, Collection<String> names) {
    command("flush set", set, "");
    elements("add", set, names.stream().map(link -> '"' + link + '"'));
  }

  private void known(Collection<IpAddress> addresses) {
    for (var family : Family.values()) {
      command("flush set", ObjectNames.known(family), "");
      elements(
          "add",
          ObjectNames.known(family),
          addresses.stream().filter(ip -> ip.family() == family).map(IpAddress::toString));
    }
  }

  private static Stream<String> chainRules(NodeRecord.Chain chain) {
    return Stream.concat(
        chain.rules().stream().map(rule -> NftSyntax.rule(rule, chain)),
        Stream.of(NftSyntax.end(chain)));
  }

  private static Stream<String> verdictEntries(Map<IpAddress, Target> targets) {
    return targets.entrySet().stream()
        .map(entry -> NftSyntax.verdictEntry(entry.getKey(), entry.getValue()));
  }

  private void addTwin(TwinChain twin) {
    command("add chain", twin.name(), "");
    rules(twin.name(), twin.rules().stream().map(FixedRule::text));
  }

  private static Stream<String> twinEntries(Map<IpAddress, Target.ChainTarget> chains) {
    return chains.entrySet().stream()
        .map(entry -> entry.getKey() + " : jump " + TwinChain.name(entry.getValue()));
  }

  private void refill(FixedChain fixed) {
    refill(fixed.name(), fixed.rules().stream().map(FixedRule::text));
  }

  private static Stream<String> counted(Map<IpAddress, Counter> denied) {
    return denied.entrySet().stream()
        .map(
            entry ->
                "%s counter packets %d bytes %d"
                    .formatted(
                        entry.getKey(), entry.getValue().packets(), entry.getValue().bytes()));
  }

  private static Stream<String> texts(Collection<IpAddress> addresses) {
    return addresses.stream().map(IpAddress::toString);
  }

  /** Adds before it deletes: somebody may have removed some, which is no drift. */
  private void uncounted(Family family, List<IpAddress> addresses) {
    denied("add", family, addresses);
    denied("delete", family, addresses);
  }

  private void denied(String verb, Family family, List<IpAddress> addresses) {
    for (var direction : Direction.values()) {
      elements(verb, ObjectNames.denied(direction, family), texts(addresses));
    }
  }

  private void members(String verb, SetId set, Collection<Element> elements) {
    elements(verb, set.toString(), elements.stream().sorted().map(NftSyntax::element));
  }

  private void elements(String verb, String of, Stream<String> elements) {
    var all = elements.collect(Collectors.joining(", "));
    if (!all.isEmpty()) {
      command(verb + " element", of, "{ " + all + " }");
    }
  }

  /** Gives a chain these rules alone; somebody may have removed the chain. */
  private void replace(String chain, Stream<String> rules) {
    command("add chain", chain, "");
    refill(chain, rules);
  }

  /** Gives a chain that exists these rules alone. */
  private void refill(String chain, Stream<String> rules) {
    command("flush chain", chain, "");
    rules(chain, rules);
  }

  private void rules(String chain, Stream<String> rules) {
    rules.forEach(rule -> command("add rule", chain, rule));
  }

  private void command(String verb, String object, String rest) {
    out.append(verb).append(' ').append(table).append(object).append(' ').append(rest);
    out.append('\n');
  }
}
