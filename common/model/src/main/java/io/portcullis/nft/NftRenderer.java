package io.portcullis.nft;

import io.portcullis.net.Family;
import io.portcullis.ruleset.ChainOrder;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.TrafficPath;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes a rule set as a table of nftables. */
public final class NftRenderer {
  /** The name of the table that enforces. */
  public static final String TABLE = "portcullis";

  /** The name of the table that enforces while {@link #TABLE} is replaced. */
  public static final String SWAP_TABLE = "portcullis_swap";

  private final RuleSet rules;
  private final Optional<RuleComments> comments;
  private final StringBuilder out = new StringBuilder();

  private NftRenderer(RuleSet rules, Optional<RuleComments> comments) {
    this.rules = rules;
    this.comments = comments;
  }

  /** Returns the transaction that makes the table hold this rule set, whatever it held before. */
  public static String replace(RuleSet rules, String table) {
    return remove(table) + new NftRenderer(rules, Optional.empty()).table(table, Optional.empty());
  }

  /** Returns that transaction for people to read: comments name the pods and policies behind it. */
  public static String readable(RuleSet rules, String table) {
    return remove(table)
        + new NftRenderer(rules, Optional.of(new RuleComments(rules)))
            .table(table, Optional.empty());
  }

  /** Returns that transaction with a stamp that says which version the table holds. */
  public static String replace(RuleSet rules, String table, Stamp stamp) {
    return remove(table)
        + new NftRenderer(rules, Optional.empty()).table(table, Optional.of(stamp));
  }

  /** Returns that transaction, which fails where the table is there already. */
  public static String create(RuleSet rules, String table, Stamp stamp) {
    return "create table inet "
        + table
        + "\n"
        + new NftRenderer(rules, Optional.empty()).table(table, Optional.of(stamp));
  }

  /** Returns the transaction that removes the table, and succeeds where there is none. */
  public static String remove(String table) {
    return "table inet " + table + "\ndelete table inet " + table + "\n";
  }

  private String table(String table, Optional<Stamp> stamp) {
    out.append("table inet ").append(table).append(" {\n");
    sets();
    for (var family : Family.values()) {
      self(family);
      knownByNode(family);
    }
    podLinks();
    // nft requires a chain before the rule that goes to it
    DenyChain.all().forEach(this::denial);
    FixedChain.isolation().forEach(this::chain);
    guard();
    ChainOrder.byReference(rules.chains()).forEach(this::chain);
    for (var family : Family.values()) {
      for (var way : TrafficPath.values()) {
        verdictMap(way, family);
      }
    }
    narrowed();
    stamp.ifPresent(this::stamp);
    chain(ObjectNames.CONNECTIONS, CutMark.DEFAULT.rules());
    RejudgeChains.all(CutMark.DEFAULT).forEach(this::chain);
    FixedChain.way(rules.podCidrs().stream().map(PodCidr::range).toList()).forEach(this::chain);
    return out.append("}\n").toString();
  }

  private void comment(String indent, Function<RuleComments, List<String>> lines) {
    comments
        .map(lines)
        .orElse(List.of())
        .forEach(line -> out.append(indent).append("# ").append(line).append('\n'));
  }

  private void sets() {
    for (var set : rules.sets().stream().sorted(Comparator.comparing(SetContent::id)).toList()) {
      var id = set.id();
      comment("  ", texts -> texts.ofSet(set.definition()));
      set(
          id.toString(),
          NftSyntax.type(id),
          set.elements().stream().sorted().map(NftSyntax::element));
    }
  }

  private void set(String name, String type, Stream<String> elements) {
    block("set " + name, type, elements.collect(Collectors.joining(",\n      ")));
  }

  private void block(String head, String type, String elements) {
    out.append("  ").append(head).append(" {\n    ").append(type).append('\n');
    if (!elements.isEmpty()) {
      out.append("    elements = {\n      ").append(elements).append("\n    }\n");
    }
    out.append("  }\n");
  }

  private void self(Family family) { // A12
    set(
        ObjectNames.self(family),
        "type " + ObjectNames.address(family) + " . " + ObjectNames.address(family),
        endpoints(family).map(endpoint -> NftSyntax.pair(endpoint.ip())));
  }

  private void denial(DenyChain denial) {
    set(
        denial.set(),
        denial.setType(),
        endpoints(denial.family()).map(endpoint -> endpoint.ip().toString()));
    chain(denial.chain(), denial.rules(0));
  }

  /** Only the node knows the links ({@link Edit.SetPodLinks}). */
  private void podLinks() { // T14
    set(ObjectNames.POD_LINKS, "type ifname", Stream.of());
  }

  /** Only the node knows which pods it knows ({@link Edit.SetKnownPods}). */
  private void knownByNode(Family family) { // C1
    set(ObjectNames.known(family), "type " + ObjectNames.address(family), Stream.of());
  }

  /**
   * Only the node knows whether the guard stands ({@link Edit.SetGuard}), over which links, and
   * whether pod CIDRs are its own.
   */
  private void guard() { // C1
    GuardChain.sets().forEach(set -> set(set, GuardChain.SET_TEXT, Stream.of()));
    set(ObjectNames.GUARD_LINKS, "type ifname; flags interval", Stream.of());
    set(ObjectNames.OPEN_CIDRS, "type nf_proto", Stream.of());
    chain(GuardChain.NAME, GuardChain.rules());
  }

  /** Only the node knows which endpoints are narrowed ({@link Edit.AddNarrowed}). */
  private void narrowed() { // C2
    for (var family : Family.values()) {
      set(ObjectNames.narrowed(family), "type " + ObjectNames.address(family), Stream.of());
      for (var way : TrafficPath.values()) {
        verdictMap(ObjectNames.twins(way, family), family, "");
      }
    }
  }

  private Stream<Endpoint> endpoints(Family family) {
    return rules.endpoints().stream()
        .filter(endpoint -> endpoint.ip().family() == family)
        .sorted(Comparator.comparing(Endpoint::ip));
  }

  private void verdictMap(TrafficPath way, Family family) {
    verdictMap(
        ObjectNames.verdicts(way, family),
        family,
        endpoints(family)
            .map(endpoint -> NftSyntax.verdictEntry(endpoint.ip(), Target.of(endpoint.chain(way))))
            .collect(Collectors.joining(",\n      ")));
  }

  private void verdictMap(String name, Family family, String elements) {
    block("map " + name, "type " + ObjectNames.address(family) + " : verdict", elements);
  }

  private void chain(Chain chain) {
    comment("  ", texts -> texts.ofChain(chain));
    out.append("  chain ").append(chain.id()).append(" {\n");
    for (var rule : chain.rules()) {
      comment("    ", texts -> texts.ofRule(rule));
      out.append("    ").append(NftSyntax.rule(rule, chain)).append('\n');
    }
    out.append("    ").append(NftSyntax.end(chain)).append("\n  }\n");
  }

  private void stamp(Stamp stamp) {
    chain(Stamp.CHAIN, List.of(NftSyntax.stamp(stamp)));
  }

  private void chain(FixedChain fixed) {
    var hook = fixed.hook().stream().map(base -> base.text(fixed.name()));
    chain(fixed.name(), Stream.concat(hook, fixed.rules().stream().map(FixedRule::text)).toList());
  }

  private void chain(String name, List<String> lines) {
    out.append("  chain ").append(name).append(" {\n");
    lines.forEach(line -> out.append("    ").append(line).append('\n'));
    out.append("  }\n");
  }
}
