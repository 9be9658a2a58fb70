package io.portcullis.agent.counters;

import io.portcullis.cluster.Direction;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.Counter;
import io.portcullis.ruleset.CountedRule;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The counts of rules and endpoints.
 *
 * @param chains by key of the chain's record, since that chain is there: one a rule, the last one
 *     of the chain's end
 * @param hits of policies' rules, over changes of chains and restarts
 * @param denied packets of each local address
 */
public record Counts(
    Map<String, List<Counter>> chains, SortedMap<CountedRule, Counter> hits, List<Denied> denied) {

  /**
   * What was denied to an address or from it.
   *
   * @param pod {@code namespace/name}; empty as long as it is not known
   */
  public record Denied(IpAddress ip, String pod, Direction direction, Counter counter) {}
}
