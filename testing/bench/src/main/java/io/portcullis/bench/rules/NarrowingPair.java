package io.portcullis.bench.rules;

import io.portcullis.bench.network.Route;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A version that lets all clients of a {@link Route} reach its server, and one that denies some of
 * them, on a node with a hundred other pods.
 */
public enum NarrowingPair {
  /** The denied clients leave the set that the server's chain accepts. */
  MEMBERS {
    @Override
    public RuleSet narrow(int denied) {
      return rules("peers", clients(denied));
    }
  },
  /** The server gets another chain, over another set. */
  CHAINS {
    @Override
    public RuleSet narrow(int denied) {
      return rules("fewer", clients(denied));
    }
  };

  private static final int OTHERS = 100;

  /** Returns the version that denies the first clients. */
  public abstract RuleSet narrow(int denied);

  /** Returns the version that allows all clients. */
  public RuleSet open() {
    return rules("peers", clients(0));
  }

  private static List<IpAddress> clients(int from) {
    return IntStream.range(from, Route.CLIENTS).mapToObj(i -> Route.client(Family.V4, i)).toList();
  }

  private static RuleSet rules(String set, List<IpAddress> clients) {
    var draft = new RuleSetBuilder(Family.V4);
    var members = new ArrayList<>(RuleSetBuilder.pods(Family.V4, 0, 1_000));
    members.addAll(clients);
    var peers = draft.hosts(set, members);
    return draft
        .others(OTHERS)
        .leads(
            Route.server(Family.V4),
            draft.chain(Direction.INGRESS, RuleSetBuilder.accepting(peers, Route.PORT)))
        .done();
  }
}
