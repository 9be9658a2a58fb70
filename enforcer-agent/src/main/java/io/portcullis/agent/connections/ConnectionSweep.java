package io.portcullis.agent.connections;

import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The result of a sweep over all connections.
 *
 * @param looked how many connections there were
 * @param cut connections that were cut
 * @param restored connections that go on again
 * @param forgotten connections that are judged anew
 * @param marked how many connections are cut now
 */
record ConnectionSweep(
    int looked,
    List<Connection> cut,
    List<Connection> restored,
    List<Connection> forgotten,
    int marked) {

  /**
   * Cuts, restores and forgets connections as the rules say.
   *
   * @param moved addresses that are another pod's now, or nobody's (C3)
   * @param own the node's own addresses
   */
  static ConnectionSweep over(
      ConnectionTable table, RuleSet rules, Set<IpAddress> moved, Set<IpAddress> own)
      throws IOException {
    var found = new Found();
    table.forEach(connection -> found.add(connection, rules, moved, own));
    found.followMasters();
    var cut = new ArrayList<Connection>();
    for (var connection : found.toCut) {
      if (table.mark(connection, true)) {
        cut.add(connection);
      }
    }
    var restored = new ArrayList<Connection>();
    for (var connection : found.toRestore) {
      if (table.mark(connection, false)) {
        restored.add(connection);
      }
    }
    var forgotten = new ArrayList<Connection>();
    for (var connection : found.toForget) {
      if (table.forget(connection)) {
        forgotten.add(connection);
      }
    }
    return new ConnectionSweep(found.looked, cut, restored, forgotten, found.staysCut + cut.size());
  }

  /** Collects the connections that must be changed; the others are only counted. */
  private static final class Found {
    private final List<Connection> toCut = new ArrayList<>();
    private final List<Connection> toRestore = new ArrayList<>();
    private final List<Connection> toForget = new ArrayList<>();
    private final List<Connection> followers = new ArrayList<>();
    private final Set<Connection.Tuple> forbidden = new HashSet<>();
    private int looked;
    private int staysCut;

    void add(Connection connection, RuleSet rules, Set<IpAddress> moved, Set<IpAddress> own) {
      looked++;
      if (moved.stream().anyMatch(connection::isOf)) {
        toForget.add(connection);
        return;
      }
      if (connection.master().isPresent()) {
        followers.add(connection);
        return;
      }
      switch (LiveVerdict.of(connection, rules, own)) {
        case FORBIDDEN -> {
          forbidden.add(connection.name().tuple());
          forbid(connection);
        }
        case ALLOWED, NOT_ASKED -> allow(connection);
      }
    }

    void followMasters() { // T2
      for (var follower : followers) {
        if (follower.master().filter(forbidden::contains).isPresent()) {
          forbid(follower);
        } else {
          allow(follower);
        }
      }
    }

    private void forbid(Connection connection) {
      if (connection.cut()) {
        staysCut++;
      } else {
        toCut.add(connection);
      }
    }

    private void allow(Connection connection) {
      if (connection.cut()) {
        toRestore.add(connection);
      }
    }
  }
}
