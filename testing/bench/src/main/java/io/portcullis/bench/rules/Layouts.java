package io.portcullis.bench.rules;

import io.portcullis.bench.network.Route;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rule sets that let the clients of a {@link Route} reach its server, with more or less work per
 * packet.
 */
public final class Layouts {
  private static final int PEERS_OF_A_POLICY = 10;
  private static final int OTHERS = 100;

  private Layouts() {}

  /**
   * Returns rules of this many policies that select the server for one port and name ten pods each;
   * some name the clients. All peers are in one set. Other pods have policies too.
   */
  public static RuleSet policies(Family family, int policies) {
    var draft = new RuleSetBuilder(family).others(Math.min(policies / 10, OTHERS));
    var peers = peers(draft, family, policies * PEERS_OF_A_POLICY, 0);
    return draft
        .guards(Route.ofServer(family))
        .leads(
            Route.server(family),
            draft.chain(Direction.INGRESS, RuleSetBuilder.rule(peers, Route.PORT, Action.ACCEPT)))
        .done();
  }

  /** Returns rules for this many ports, the clients' port in the last rule. */
  public static RuleSet ports(Family family, int ports) {
    var draft = new RuleSetBuilder(family);
    var rules = new ArrayList<Rule>();
    for (var i = 1; i <= ports; i++) {
      var port = i == ports ? Route.PORT : Route.PORT + i;
      rules.add(
          RuleSetBuilder.rule(peers(draft, family, PEERS_OF_A_POLICY, i), port, Action.ACCEPT));
    }
    return draft
        .guards(Route.ofServer(family))
        .leads(Route.server(family), draft.chain(Direction.INGRESS, rules))
        .done();
  }

  /** Returns rules for this many networks, the clients' network among them. */
  public static RuleSet networks(Family family, int networks) {
    var draft = new RuleSetBuilder(family);
    var ranges = new ArrayList<IpRange>();
    for (var i = 1; i < networks; i++) {
      ranges.add(range(RuleSetBuilder.pod(family, i * 16), 7));
    }
    ranges.add(range(Route.client(family, 0), Route.CLIENTS));
    var peers = draft.networks("networks", ranges);
    return draft
        .guards(Route.ofServer(family))
        .leads(
            Route.server(family),
            draft.chain(Direction.INGRESS, RuleSetBuilder.rule(peers, Route.PORT, Action.ACCEPT)))
        .done();
  }

  private static SetId peers(RuleSetBuilder draft, Family family, int more, int number) {
    var members = new ArrayList<>(clients(family));
    members.addAll(RuleSetBuilder.pods(family, number * PEERS_OF_A_POLICY, more));
    return draft.hosts("peers " + number, members);
  }

  private static List<IpAddress> clients(Family family) {
    return IntStream.range(0, Route.CLIENTS).mapToObj(i -> Route.client(family, i)).toList();
  }

  private static IpRange range(IpAddress first, int more) {
    return new IpRange(
        first, new IpAddress(first.family(), first.value().add(BigInteger.valueOf(more))));
  }
}
