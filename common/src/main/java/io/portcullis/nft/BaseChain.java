package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.net.Family;
import io.portcullis.ruleset.Way;
import java.util.List;

/** The base chains, the same in every version: what each is written as and listed as by nft. */
enum BaseChain {
  /**
   * All that comes to the node, before conntrack: what a pod sends with a foreign address belongs
   * to no connection, live ones included (T14).
   */
  PREROUTING(
      "prerouting",
      Priority.RAW,
      List.of(BaseRule.NOT_FROM_A_POD, BaseRule.WITHOUT_ADDRESS, BaseRule.FOREIGN_ADDRESS)),

  /** What passes through the node: between pods, and between pods and the world outside. */
  FORWARD(
      "forward",
      Priority.FILTER,
      List.of(
          BaseRule.ESTABLISHED,
          BaseRule.CUT,
          BaseRule.icmpv6(255, List.of("nd-neighbor-solicit", "nd-neighbor-advert")), // bridged
          BaseRule.self(Family.V4),
          BaseRule.self(Family.V6),
          BaseRule.unknownSource(Family.V4), // C1
          BaseRule.unknownSource(Family.V6),
          BaseRule.unknownDestination(Family.V4),
          BaseRule.unknownDestination(Family.V6),
          BaseRule.lookUp(Way.EGRESS, Family.V4), // T1: egress is asked first
          BaseRule.lookUp(Way.EGRESS, Family.V6),
          BaseRule.lookUp(Way.INGRESS, Family.V4),
          BaseRule.lookUp(Way.INGRESS, Family.V6))),

  /** What ends at the node itself; without the discoveries all IPv6 of a pod would stop (T5). */
  INPUT(
      "input",
      Priority.FILTER,
      List.of(
          BaseRule.ESTABLISHED,
          BaseRule.CUT,
          BaseRule.icmpv6(
              255,
              List.of(
                  "nd-router-solicit",
                  "nd-router-advert",
                  "nd-neighbor-solicit",
                  "nd-neighbor-advert")),
          BaseRule.icmpv6(
              1,
              List.of(
                  "mld-listener-query",
                  "mld-listener-report",
                  "mld-listener-done",
                  "mld2-listener-report")),
          BaseRule.unknownSource(Family.V4), // C1
          BaseRule.unknownSource(Family.V6),
          BaseRule.lookUp(Way.TO_OWN_NODE, Family.V4),
          BaseRule.lookUp(Way.TO_OWN_NODE, Family.V6)));

  private enum Priority {
    RAW("raw", -300),
    FILTER("filter", 0);

    private final String text;
    private final int listed;

    Priority(String text, int listed) {
      this.text = text;
      this.listed = listed;
    }
  }

  private final String chain;
  private final Priority priority;
  private final List<BaseRule> rules;

  BaseChain(String chain, Priority priority, List<BaseRule> rules) {
    this.chain = chain;
    this.priority = priority;
    this.rules = rules;
  }

  /** Its name, which is that of its hook. */
  String chain() {
    return chain;
  }

  String hook() {
    return "type filter hook " + chain + " priority " + priority.text + "; policy accept;";
  }

  /** What {@link #hook} is listed as. */
  JsonNode listedHook() {
    return Listed.json(
        "{'type':'filter','hook':'"
            + chain
            + "','prio':"
            + priority.listed
            + ",'policy':'accept'}");
  }

  List<BaseRule> rules() {
    return rules;
  }
}
