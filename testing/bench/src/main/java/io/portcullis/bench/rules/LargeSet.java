package io.portcullis.bench.rules;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;

/** Rule sets that differ in one large set, or in one chain. */
public final class LargeSet {
  private static final IpAddress POD = IpAddress.parse("10.244.9.9");
  private static final int PORT = 8080;
  private static final String LARGE = "the large set";

  private LargeSet() {}

  /**
   * Returns rules for one pod with a large set of peers.
   *
   * @param elements how many elements its set has
   * @param others how many other pods there are, with a set and a chain each
   * @param port the port of the pod's one rule; another port makes another chain
   */
  public static RuleSet of(int elements, int others, int port) {
    var draft = new RuleSetBuilder(Family.V4).others(others);
    var peers = draft.hosts(LARGE, RuleSetBuilder.pods(Family.V4, 0, elements));
    return draft
        .leads(POD, draft.chain(Direction.INGRESS, RuleSetBuilder.rule(peers, port, Action.ACCEPT)))
        .done();
  }

  public static RuleSet of(int elements, int others) {
    return of(elements, others, PORT);
  }

  /** Returns the change that adds one element to the large set. */
  public static RuleSetChange oneMore(RuleSet rules, int elements) {
    var draft = new RuleSetChange.Draft(rules);
    draft.put(member(elements));
    return draft.done();
  }

  /** Returns the record of an element of the large set. */
  public static NodeRecord member(int index) {
    return new NodeRecord.Member(
        SetId.of(SetKind.HOSTS, Family.V4, LARGE),
        new Element.Host(RuleSetBuilder.pod(Family.V4, index)));
  }
}
