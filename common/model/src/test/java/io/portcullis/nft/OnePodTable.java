package io.portcullis.nft;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.util.List;
import java.util.Optional;

/** A rule set with one set, one chain and one endpoint, and a stamp of the longest form. */
final class OnePodTable {
  static final Stamp STAMP =
      new Stamp(
          Long.MAX_VALUE - 1,
          "AbcdefghijklmnopqrstuQ",
          "0123456789abcdef".repeat(4),
          Long.MAX_VALUE);

  static final SetId PODS = SetId.of(SetKind.HOSTS, Family.V4, "pods");
  static final NodeRecord.Chain CHAIN = chain(PODS);
  static final RuleSet RULES = rules(PODS, CHAIN);

  private OnePodTable() {}

  private static NodeRecord.Chain chain(SetId pods) {
    return NodeRecord.Chain.of(
        Direction.INGRESS,
        Family.V4,
        List.of(
            new Rule(
                Optional.of(pods),
                Ports.of(List.of(PortRange.of(Protocol.TCP, 80))),
                Action.ACCEPT,
                List.of())),
        Action.DENY);
  }

  private static RuleSet rules(SetId pods, NodeRecord.Chain chain) {
    return RuleSet.of(
        List.of(
            new NodeRecord.AddressSet(pods, "pods"),
            new NodeRecord.Member(pods, Element.parse("10.244.0.2")),
            chain,
            new NodeRecord.Endpoint(
                IpAddress.parse("10.244.0.1"),
                "a/b",
                Optional.of(chain.id()),
                Optional.empty(),
                Optional.empty())));
  }
}
