package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The base chain, the same in every version: what it is written as and what nft lists it as. */
final class ForwardChain {
  static final String NAME = "forward";
  static final String HOOK = "type filter hook forward priority filter; policy accept;";

  /** What {@link #HOOK} is listed as. */
  static final JsonNode LISTED_HOOK =
      Listed.json("{'type':'filter','hook':'forward','prio':0,'policy':'accept'}");

  private static final String IP_SADDR = "{'payload':{'protocol':'ip','field':'saddr'}}";
  private static final String IP_DADDR = "{'payload':{'protocol':'ip','field':'daddr'}}";
  private static final String IP6_SADDR = "{'payload':{'protocol':'ip6','field':'saddr'}}";
  private static final String IP6_DADDR = "{'payload':{'protocol':'ip6','field':'daddr'}}";

  /** A rule as it is written and as its expressions are listed. */
  record BaseRule(String text, JsonNode listed) {
    private BaseRule(String text, String listed) {
      this(text, Listed.json(listed));
    }
  }

  static final List<BaseRule> RULES =
      List.of(
          new BaseRule( // T2
              "ct state established,related accept",
              "[{'match':{'op':'in','left':{'ct':{'key':'state'}},"
                  + "'right':['established','related']}},{'accept':null}]"),
          new BaseRule(
              "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept",
              "[{'match':{'op':'==','left':{'payload':{'protocol':'icmpv6','field':'type'}},"
                  + "'right':{'set':['nd-neighbor-solicit','nd-neighbor-advert']}}},"
                  + "{'match':{'op':'==','left':{'payload':{'protocol':'ip6','field':'hoplimit'}},"
                  + "'right':255}},{'accept':null}]"),
          new BaseRule( // T4
              "ip saddr . ip daddr @self_v4 accept",
              "[{'match':{'op':'==','left':{'concat':["
                  + IP_SADDR
                  + ","
                  + IP_DADDR
                  + "]},'right':'@self_v4'}},{'accept':null}]"),
          new BaseRule( // T4
              "ip6 saddr . ip6 daddr @self_v6 accept",
              "[{'match':{'op':'==','left':{'concat':["
                  + IP6_SADDR
                  + ","
                  + IP6_DADDR
                  + "]},'right':'@self_v6'}},{'accept':null}]"),
          lookUp("ip saddr", IP_SADDR, "egress_v4"), // T1: egress is asked first
          lookUp("ip6 saddr", IP6_SADDR, "egress_v6"),
          lookUp("ip daddr", IP_DADDR, "ingress_v4"),
          lookUp("ip6 daddr", IP6_DADDR, "ingress_v6"));

  private ForwardChain() {}

  private static BaseRule lookUp(String text, String key, String map) {
    return new BaseRule(
        text + " vmap @" + map, "[{'vmap':{'key':" + key + ",'data':'@" + map + "'}}]");
  }
}
