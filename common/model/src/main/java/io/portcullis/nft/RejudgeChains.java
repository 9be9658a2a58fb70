package io.portcullis.nft;

import io.portcullis.net.Family;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The chains that judge packets of live connections again (C2). Every table has them, but at rest
 * nothing leads there: the base chains do only while some endpoint is narrowed.
 *
 * <pre>
 *   forward, input --established--> rejudge_forward, rejudge_input --narrowed--> twins --deny--> cut
 *                                            |                                     |
 *                                            +--not narrowed--> connections        +--accept--> accepted
 * </pre>
 *
 * <p>An end that is not narrowed has no connections that its own rules have cut, or is one of those
 * that {@code narrowed} holds too; so where all narrowed ends accept, the connection goes on.
 */
final class RejudgeChains {
  private static final String FORWARD = "rejudge_forward";
  private static final String INPUT = "rejudge_input";

  private RejudgeChains() {}

  /** Returns the chains of every table, each after those that it leads to. */
  static List<FixedChain> all(CutMark mark) {
    var all = new ArrayList<FixedChain>();
    all.add(chain(ObjectNames.CUT_MARK, List.of(cut(mark))));
    all.add(cut());
    for (var family : Family.values()) {
      all.add(cutUnlessSelf(family));
    }
    for (var family : Family.values()) {
      all.add(forward(mark, family));
      all.add(input(mark, family));
    }
    all.add(byFamily(FORWARD));
    all.add(byFamily(INPUT));
    return all;
  }

  /** Returns the base chains as they are while endpoints are narrowed. */
  static List<FixedChain> bases() {
    return List.of(base("forward", FORWARD), base("input", INPUT));
  }

  private static FixedChain base(String hook, String next) {
    return FixedChain.byFamily(
        hook,
        new FixedRule(
            "ct state established,related goto " + next,
            FixedRule.OF_CONNECTION.expressions().replace(ObjectNames.CONNECTIONS, next)));
  }

  /** Makes the chain that twins go to where a rule denies. */
  static FixedChain cut() {
    return chain(ObjectNames.CUT, List.of(FixedRule.goTo(ObjectNames.CUT_MARK)));
  }

  /** Makes that chain as it is while sets and chains change: it drops, and marks nothing. */
  static FixedChain pausedCut() {
    return chain(ObjectNames.CUT, List.of(new FixedRule("drop", "[{'drop':null}]")));
  }

  /**
   * Makes the chain for the ends of twins: where only NetworkPolicies isolate, a pod reaches
   * itself.
   */
  private static FixedChain cutUnlessSelf(Family family) { // T4, A12
    return chain(
        ObjectNames.cutUnlessSelf(family), List.of(self(family), FixedRule.goTo(ObjectNames.CUT)));
  }

  /** Related packets go by the mark alone: an error has another protocol than its connection. */
  private static FixedChain byFamily(String chain) {
    return chain(
        chain,
        List.of(
            goToConnections("state", "related"),
            goToConnections("status", "expected"),
            FixedRule.ofV4(ofFamily(chain, Family.V4)),
            FixedRule.goTo(ofFamily(chain, Family.V6))));
  }

  private static FixedChain forward(CutMark mark, Family family) {
    var isNot =
        List.of(
            isNotNarrowed(ConnectionKey.client(family), family),
            isNotNarrowed(ConnectionKey.server(family), family));
    return chain(
        ofFamily(FORWARD, family),
        List.of(
            with(isNot, FixedRule.goTo(ObjectNames.CONNECTIONS)),
            lookUp(TrafficPath.EGRESS, family),
            lookUp(TrafficPath.INGRESS, family),
            acceptUnmarked(mark),
            with(isNot, new FixedRule("drop", "[{'drop':null}]")),
            restore(mark)));
  }

  /** The node itself has no rules, so only the client's are asked (T5). */
  private static FixedChain input(CutMark mark, Family family) {
    var isNot = List.of(isNotNarrowed(ConnectionKey.client(family), family));
    return chain(
        ofFamily(INPUT, family),
        List.of(
            with(isNot, FixedRule.goTo(ObjectNames.CONNECTIONS)),
            lookUp(TrafficPath.TO_OWN_NODE, family),
            acceptUnmarked(mark),
            with(isNot, new FixedRule("drop", "[{'drop':null}]")),
            restore(mark)));
  }

  private static FixedRule goToConnections(String key, String value) {
    return new FixedRule(
        "ct " + key + " " + value + " goto " + ObjectNames.CONNECTIONS,
        "[{'match':{'op':'in','left':{'ct':{'key':'"
            + key
            + "'}},'right':'"
            + value
            + "'}},{'goto':{'target':'"
            + ObjectNames.CONNECTIONS
            + "'}}]");
  }

  private static FixedRule isNotNarrowed(ConnectionKey end, Family family) {
    var set = "@" + ObjectNames.narrowed(family);
    return new FixedRule(
        end.text() + " != " + set,
        "[{'match':{'op':'!=','left':" + end.listed() + ",'right':'" + set + "'}}]");
  }

  /** Puts conditions before a rule. */
  private static FixedRule with(List<FixedRule> conditions, FixedRule rule) {
    var text = new StringBuilder();
    var listed = new StringBuilder("[");
    for (var condition : conditions) {
      text.append(condition.text()).append(' ');
      listed.append(inner(condition)).append(',');
    }
    return new FixedRule(text + rule.text(), listed + inner(rule) + "]");
  }

  private static String inner(FixedRule rule) {
    return rule.expressions().substring(1, rule.expressions().length() - 1);
  }

  private static FixedRule lookUp(TrafficPath way, Family family) {
    var subject = ConnectionKey.subject(way.direction(), family);
    var map = ObjectNames.twins(way, family);
    return new FixedRule(
        subject.text() + " vmap @" + map,
        "[{'vmap':{'key':" + subject.listed() + ",'data':'@" + map + "'}}]");
  }

  private static FixedRule self(Family family) {
    var client = ConnectionKey.client(family);
    var server = ConnectionKey.server(family);
    var set = "@" + ObjectNames.self(family);
    return new FixedRule(
        client.text() + " . " + server.text() + " " + set + " return",
        "[{'match':{'op':'==','left':{'concat':["
            + client.listed()
            + ","
            + server.listed()
            + "]},'right':'"
            + set
            + "'}},{'return':null}]");
  }

  private static FixedRule acceptUnmarked(CutMark mark) {
    return new FixedRule(
        "ct mark & 0x%08x == 0 accept".formatted(mark.bit()),
        "[{'match':{'op':'==','left':{'&':[{'ct':{'key':'mark'}},%d]},'right':0}},{'accept':null}]"
            .formatted(mark.bit()));
  }

  private static FixedRule cut(CutMark mark) {
    return new FixedRule(
        "ct mark set ct mark | 0x%08x drop".formatted(mark.bit()),
        "[%s,{'drop':null}]".formatted(mangle("|", mark.bit())));
  }

  private static FixedRule restore(CutMark mark) {
    return new FixedRule(
        "ct mark set ct mark & 0x%08x accept".formatted(~mark.bit()),
        "[%s,{'accept':null}]".formatted(mangle("&", Integer.toUnsignedLong(~mark.bit()))));
  }

  private static String mangle(String operator, long value) {
    return "{'mangle':{'key':{'ct':{'key':'mark'}},'value':{'%s':[{'ct':{'key':'mark'}},%d]}}}"
        .formatted(operator, value);
  }

  private static String ofFamily(String chain, Family family) {
    return chain + "_" + family.suffix();
  }

  private static FixedChain chain(String name, List<FixedRule> rules) {
    return new FixedChain(name, Optional.empty(), rules);
  }
}
