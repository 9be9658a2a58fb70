package io.portcullis.nft;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.NftDump.Counter;
import io.portcullis.ruleset.Element;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes changes of a table as a transaction. What it costs is what changes. */
public final class Edits {
  private final String table;
  private final StringBuilder out = new StringBuilder();

  private Edits(String table) {
    this.table = "inet " + table + " ";
  }

  /** The transaction that makes these changes, in their order. */
  public static String text(String table, List<Edit> edits) {
    var writer = new Edits(table);
    edits.forEach(writer::write);
    return writer.out.toString();
  }

  private void write(Edit edit) {
    switch (edit) {
      case Edit.AddSet(var set) -> {
        command("add set", set.id().toString(), "{ " + NftSyntax.type(set.id()) + "; }");
        elements("add", set.id().toString(), elements(set.elements()));
      }
      case Edit.RemoveSet(var set) -> command("delete set", set.toString(), "");
      case Edit.AddMembers(var set, var elements) ->
          elements("add", set.toString(), elements(elements));
      case Edit.RemoveMembers(var set, var elements) ->
          elements("delete", set.toString(), elements(elements));
      case Edit.AddChain(var chain) -> {
        var name = chain.id().toString();
        command("add chain", name, "");
        chain.rules().forEach(rule -> command("add rule", name, NftSyntax.rule(rule, chain)));
        command("add rule", name, NftSyntax.end(chain));
      }
      case Edit.AddBoth(var both) -> {
        command("add chain", both.name(), "");
        command("add rule", both.name(), "jump " + both.first());
        command("add rule", both.name(), "goto " + both.second());
      }
      case Edit.RemoveChains(var chains) -> {
        chains.forEach(chain -> command("flush chain", chain.name(), ""));
        chains.forEach(chain -> command("delete chain", chain.name(), ""));
      }
      case Edit.Lead(var way, var family, var targets) ->
          elements(
              "add",
              ObjectNames.verdicts(way, family),
              targets.entrySet().stream()
                  .map(lead -> NftSyntax.lead(lead.getKey(), lead.getValue())));
      case Edit.Unlead(var way, var family, var addresses) ->
          elements(
              "delete",
              ObjectNames.verdicts(way, family),
              addresses.stream().map(IpAddress::toString));
      case Edit.AddSelf(var family, var addresses) -> {
        elements("add", ObjectNames.self(family), addresses.stream().map(NftSyntax::pair));
        denied("add", family, addresses);
      }
      case Edit.RemoveSelf(var family, var addresses) -> {
        elements("delete", ObjectNames.self(family), addresses.stream().map(NftSyntax::pair));
        uncounted(family, addresses);
      }
      case Edit.CountAnew(var family, var addresses) -> {
        uncounted(family, addresses);
        denied("add", family, addresses);
      }
      case Edit.Denied(var direction, var family, var counts) -> {
        var set = ObjectNames.denied(direction, family);
        elements("delete", set, counts.keySet().stream().map(IpAddress::toString));
        elements("add", set, counts.entrySet().stream().map(Edits::counted));
      }
      case Edit.HoldLedger(var ledger) -> {
        command("add chain", RetiredCounters.CHAIN, "");
        command("flush chain", RetiredCounters.CHAIN, "");
        ledger.rules().forEach(rule -> command("add rule", RetiredCounters.CHAIN, rule));
      }
      case Edit.Sample(var perSecond) -> {
        for (var denial : DenyChain.all()) {
          command("flush chain", denial.chain(), "");
          denial.rules(perSecond).forEach(rule -> command("add rule", denial.chain(), rule));
        }
      }
      case Edit.HoldLinks(var links) -> {
        command("flush set", ObjectNames.POD_LINKS, "");
        elements("add", ObjectNames.POD_LINKS, links.stream().map(link -> '"' + link + '"'));
      }
      case Edit.HoldGuard(var turn, var lease) -> {
        command("flush set", GuardChain.set(turn), "");
        elements("add", GuardChain.set(turn), GuardChain.elements(lease));
      }
      case Edit.HoldMark(var mark) -> {
        command("flush chain", ObjectNames.CONNECTIONS, "");
        mark.rules().forEach(rule -> command("add rule", ObjectNames.CONNECTIONS, rule));
      }
      case Edit.Restamp(var stamp) -> {
        command("add chain", Stamp.CHAIN, ""); // a table that was changed may have lost it
        command("flush chain", Stamp.CHAIN, "");
        command("add rule", Stamp.CHAIN, NftSyntax.stamp(stamp));
      }
    }
  }

  private static String counted(Map.Entry<IpAddress, Counter> denied) {
    return "%s counter packets %d bytes %d"
        .formatted(denied.getKey(), denied.getValue().packets(), denied.getValue().bytes());
  }

  /** Adding first, as somebody may have removed some: that is no drift. */
  private void uncounted(Family family, List<IpAddress> addresses) {
    denied("add", family, addresses);
    denied("delete", family, addresses);
  }

  private void denied(String verb, Family family, List<IpAddress> addresses) {
    for (var direction : Direction.values()) {
      elements(
          verb, ObjectNames.denied(direction, family), addresses.stream().map(IpAddress::toString));
    }
  }

  private static Stream<String> elements(Collection<Element> elements) {
    return elements.stream().sorted().map(NftSyntax::element);
  }

  private void elements(String verb, String of, Stream<String> elements) {
    var all = elements.collect(Collectors.joining(", "));
    if (!all.isEmpty()) {
      command(verb + " element", of, "{ " + all + " }");
    }
  }

  private void command(String verb, String object, String rest) {
    out.append(verb).append(' ').append(table).append(object).append(' ').append(rest);
    out.append('\n');
  }
}
