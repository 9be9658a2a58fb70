package io.portcullis.nft;

import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Element;
import java.util.Collection;
import java.util.List;
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
        command("add set", set.id().toString(), "{ " + Syntax.type(set.id()) + "; }");
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
        chain.rules().forEach(rule -> command("add rule", name, Syntax.rule(rule, chain)));
        command("add rule", name, Syntax.verdict(chain.end()));
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
      case Edit.Lead(var way, var family, var chains) ->
          elements(
              "add",
              Names.verdicts(way, family),
              chains.entrySet().stream()
                  .map(lead -> Syntax.lead(lead.getKey(), lead.getValue().name())));
      case Edit.Unlead(var way, var family, var addresses) ->
          elements(
              "delete", Names.verdicts(way, family), addresses.stream().map(IpAddress::toString));
      case Edit.AddSelf(var family, var addresses) ->
          elements("add", Names.self(family), addresses.stream().map(Syntax::pair));
      case Edit.RemoveSelf(var family, var addresses) ->
          elements("delete", Names.self(family), addresses.stream().map(Syntax::pair));
      case Edit.HoldLinks(var links) -> {
        command("flush set", Names.POD_LINKS, "");
        elements("add", Names.POD_LINKS, links.stream().map(link -> '"' + link + '"'));
      }
      case Edit.HoldGuard(var turn, var lease) -> {
        command("flush set", GuardChain.set(turn), "");
        elements("add", GuardChain.set(turn), GuardChain.elements(lease));
      }
      case Edit.Restamp(var stamp) -> {
        command("add chain", Stamp.CHAIN, ""); // a table that was changed may have lost it
        command("flush chain", Stamp.CHAIN, "");
        command("add rule", Stamp.CHAIN, Syntax.stamp(stamp));
      }
    }
  }

  private static Stream<String> elements(Collection<Element> elements) {
    return elements.stream().sorted().map(Syntax::element);
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
