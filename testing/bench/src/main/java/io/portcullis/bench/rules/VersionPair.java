package io.portcullis.bench.rules;

import io.portcullis.bench.network.Route;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pairs of versions that alternate. Both deny the first client of a {@link Route} access to its
 * server, or both allow it; a mix of the two may decide otherwise.
 */
public enum VersionPair {
  /** A set loses a hundred members and gains a hundred. */
  MEMBERS {
    @Override
    RuleSet make(Family family, boolean second, boolean allow) {
      var draft = new RuleSetBuilder(family);
      var members = with(RuleSetBuilder.pods(family, second ? 100 : 0, 100), client(family), allow);
      var peers = draft.hosts("peers", members);
      return draft
          .leads(
              server(family),
              draft.chain(Direction.INGRESS, RuleSetBuilder.rule(peers, Route.PORT, Action.ACCEPT)))
          .done();
    }
  },
  /** The client moves between two sets of one chain that accepts both, for its port or another. */
  ONE_DIRECTION {
    @Override
    RuleSet make(Family family, boolean second, boolean allow) {
      var draft = new RuleSetBuilder(family);
      var left = draft.hosts("left", with(others(family), client(family), !second));
      var right = draft.hosts("right", with(others(family), client(family), second));
      return draft
          .leads(
              server(family),
              draft.chain(
                  Direction.INGRESS,
                  RuleSetBuilder.rule(left, allow ? Route.PORT : OTHER_PORT, Action.ACCEPT),
                  RuleSetBuilder.rule(right, allow ? Route.PORT : OTHER_PORT + 1, Action.ACCEPT)))
          .done();
    }
  },
  /** The client's egress and the server's ingress change in opposite directions. */
  TWO_DIRECTIONS {
    @Override
    RuleSet make(Family family, boolean second, boolean allow) {
      var draft = new RuleSetBuilder(family);
      var others = RuleSetBuilder.pods(family, second ? 100 : 0, 10);
      var to = draft.hosts("to", with(others, server(family), allow || !second));
      var from = draft.hosts("from", with(others, client(family), allow || second));
      return draft
          .leads(
              client(family),
              Optional.empty(),
              Optional.of(
                  draft.chain(
                      Direction.EGRESS, RuleSetBuilder.rule(to, Route.PORT, Action.ACCEPT))))
          .leads(
              server(family),
              draft.chain(Direction.INGRESS, RuleSetBuilder.rule(from, Route.PORT, Action.ACCEPT)))
          .done();
    }
  },
  /** The server gets another chain. */
  CHAINS {
    @Override
    RuleSet make(Family family, boolean second, boolean allow) {
      var draft = new RuleSetBuilder(family);
      var peers = draft.hosts("peers", with(others(family), client(family), allow));
      var more = draft.hosts("more", others(family));
      var rules = new ArrayList<>(List.of(RuleSetBuilder.rule(peers, Route.PORT, Action.ACCEPT)));
      if (second) {
        rules.addFirst(RuleSetBuilder.rule(more, OTHER_PORT, Action.ACCEPT));
      }
      return draft.leads(server(family), draft.chain(Direction.INGRESS, rules)).done();
    }
  },
  /** The server gets a chain that does not use a set which the client joins at the same time. */
  CHAINS_AND_MEMBERS {
    @Override
    RuleSet make(Family family, boolean second, boolean allow) {
      var draft = new RuleSetBuilder(family);
      var old = draft.hosts("old", with(others(family), client(family), allow != second));
      var next = draft.hosts("next", with(others(family), client(family), allow && second));
      var used = second ? next : old;
      draft.leads(
          RuleSetBuilder.pod(family, 5_000),
          draft.chain(Direction.INGRESS, RuleSetBuilder.rule(old, OTHER_PORT, Action.ACCEPT)));
      draft.leads(
          RuleSetBuilder.pod(family, 5_001),
          draft.chain(Direction.INGRESS, RuleSetBuilder.rule(next, OTHER_PORT, Action.ACCEPT)));
      return draft
          .leads(
              server(family),
              draft.chain(Direction.INGRESS, RuleSetBuilder.rule(used, Route.PORT, Action.ACCEPT)))
          .done();
    }
  },
  /** The client joins a denied and an accepted set, and leaves both. */
  DENY_AND_ACCEPT {
    @Override
    RuleSet make(Family family, boolean second, boolean allow) {
      var draft = new RuleSetBuilder(family);
      var in = !allow && second;
      var denied = draft.hosts("denied", with(changing(family, second), client(family), in));
      var accepted =
          draft.hosts("accepted", with(changing(family, second), client(family), allow || in));
      return draft
          .leads(
              server(family),
              draft.chain(
                  Direction.INGRESS,
                  RuleSetBuilder.rule(denied, 0, Action.DENY),
                  RuleSetBuilder.rule(accepted, Route.PORT, Action.ACCEPT)))
          .done();
    }
  },
  /** The client moves between two denied sets, before a rule that accepts all. */
  TWO_DENY_SETS {
    @Override
    RuleSet make(Family family, boolean second, boolean allow) {
      var draft = new RuleSetBuilder(family);
      var left =
          draft.hosts("left", with(changing(family, second), client(family), !allow && !second));
      var right =
          draft.hosts("right", with(changing(family, second), client(family), !allow && second));
      var accepted = draft.hosts("accepted", with(others(family), client(family), true));
      return draft
          .leads(
              server(family),
              draft.chain(
                  Direction.INGRESS,
                  RuleSetBuilder.rule(left, 0, Action.DENY),
                  RuleSetBuilder.rule(right, 0, Action.DENY),
                  RuleSetBuilder.rule(accepted, Route.PORT, Action.ACCEPT)))
          .done();
    }
  };

  private static final int OTHER_PORT = 7000;

  /**
   * Makes one version of the pair.
   *
   * @param family the address family
   * @param second whether to make the second version
   * @param allow whether both versions allow the client
   */
  abstract RuleSet make(Family family, boolean second, boolean allow);

  public RuleSet first(Family family, boolean allow) {
    return make(family, false, allow);
  }

  public RuleSet second(Family family, boolean allow) {
    return make(family, true, allow);
  }

  private static IpAddress client(Family family) {
    return Route.client(family, 0);
  }

  private static IpAddress server(Family family) {
    return Route.server(family);
  }

  private static List<IpAddress> others(Family family) {
    return RuleSetBuilder.pods(family, 1_000, 10);
  }

  private static List<IpAddress> changing(Family family, boolean second) {
    return RuleSetBuilder.pods(family, second ? 1_010 : 1_000, 10);
  }

  private static List<IpAddress> with(List<IpAddress> others, IpAddress one, boolean there) {
    var all = new ArrayList<>(others);
    if (there) {
      all.add(one);
    }
    return all;
  }
}
