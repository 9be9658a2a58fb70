package io.portcullis.agent.connections;

import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Evaluator;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.Set;

/** What a rule set says about a live connection (C2). */
enum LiveVerdict {
  /** Neither end is a local pod. */
  NOT_ASKED,
  ALLOWED,
  FORBIDDEN;

  /**
   * Asks the rules of both ends, if these are local.
   *
   * @param own the node's own addresses (T5)
   */
  static LiveVerdict of(Connection connection, RuleSet rules, Set<IpAddress> own) {
    var flow = connection.flow();
    var isFromHere = rules.endpoint(flow.source()).isPresent();
    var isToHere = rules.endpoint(flow.destination()).isPresent() && !own.contains(flow.source());
    if (!isFromHere && !isToHere) {
      return NOT_ASKED;
    }
    var way = own.contains(flow.destination()) ? TrafficPath.TO_OWN_NODE : TrafficPath.EGRESS;
    var maySend = !isFromHere || Evaluator.decide(rules, way, flow).allowed();
    var mayReach = !isToHere || Evaluator.decide(rules, TrafficPath.INGRESS, flow).allowed();
    return maySend && mayReach ? ALLOWED : FORBIDDEN;
  }
}
