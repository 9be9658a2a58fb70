package io.portcullis.agent.connections;

import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Evaluator;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.Set;

/** What a rule set says of a connection that lives (C2). */
enum LiveVerdict {
  /** No end of it is a local pod. */
  NOT_ASKED,
  ALLOWED,
  FORBIDDEN;

  /**
   * Asks both ends, as far as they are here.
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
