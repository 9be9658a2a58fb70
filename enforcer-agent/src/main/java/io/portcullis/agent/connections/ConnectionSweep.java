package io.portcullis.agent.connections;

import io.portcullis.net.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The result of a look at all connections.
 *
 * @param looked how many connections there were
 * @param cut how many are cut that were not at the last look, by the kernel or by this look
 * @param firstCut the first connections that this look itself cut
 * @param restored how many go on again that were cut at the last look
 * @param forgotten connections that are judged anew
 * @param marked hashes of the connections that are cut now
 * @param ends local addresses of connections that are cut now
 */
record ConnectionSweep(
    int looked,
    int cut,
    List<Connection> firstCut,
    int restored,
    List<Connection> forgotten,
    Set<Integer> marked,
    Set<IpAddress> ends) {
  private static final int NAMED = 5;

  /**
   * Cuts, restores and forgets connections as the rules say.
   *
   * @param own the node's own addresses
   * @param before hashes of the connections that were cut at the last look
   */
  static ConnectionSweep over(
      ConnectionTable table, LookTask task, Set<IpAddress> own, Set<Integer> before)
      throws IOException {
    var found = new Found(task, own, before);
    var looked =
        table.forEach((client, server, cut) -> cut || task.concerns(client, server), found::add);
    found.followMasters();
    var firstCut = new ArrayList<Connection>();
    for (var connection : found.toCut) {
      if (table.mark(connection, true)) {
        found.isCut(connection);
        if (firstCut.size() < NAMED) {
          firstCut.add(connection);
        }
      }
    }
    for (var connection : found.toRestore) {
      if (table.mark(connection, false)) {
        found.restored++;
      }
    }
    var forgotten = new ArrayList<Connection>();
    for (var connection : found.toForget) {
      if (table.forget(connection)) {
        forgotten.add(connection);
      }
    }
    return new ConnectionSweep(
        looked, found.cut, firstCut, found.restored, forgotten, found.marked, found.ends);
  }

  /** Collects the connections that must be changed; the others are only counted. */
  private static final class Found {
    private final LookTask task;
    private final Set<IpAddress> own;
    private final Set<Integer> before;
    private final List<Connection> toCut = new ArrayList<>();
    private final List<Connection> toRestore = new ArrayList<>();
    private final List<Connection> toForget = new ArrayList<>();
    private final List<Connection> followers = new ArrayList<>();
    private final Set<Connection.Tuple> forbidden = new HashSet<>();
    private final Set<Integer> marked = new HashSet<>();
    private final Set<IpAddress> ends = new HashSet<>();
    private int cut;
    private int restored;

    Found(LookTask task, Set<IpAddress> own, Set<Integer> before) {
      this.task = task;
      this.own = own;
      this.before = before;
    }

    void add(Connection connection) {
      var flow = connection.flow();
      if (task.moved().stream().anyMatch(connection::isOf)) {
        toForget.add(connection);
      } else if (!task.concerns(flow.source(), flow.destination())) {
        isCut(connection); // nothing else is passed on
      } else if (connection.master().isPresent()) {
        followers.add(connection);
      } else {
        judge(connection);
      }
    }

    private void judge(Connection connection) {
      switch (LiveVerdict.of(connection, task.rules(), own)) {
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
        isCut(connection);
      } else {
        toCut.add(connection);
      }
    }

    private void isCut(Connection connection) {
      var hash = connection.name().hashCode();
      marked.add(hash);
      if (!before.contains(hash)) {
        cut++;
      }
      var flow = connection.flow();
      for (var end : List.of(flow.source(), flow.destination())) {
        if (task.rules().endpoint(end).isPresent()) {
          ends.add(end);
        }
      }
    }

    private void allow(Connection connection) {
      if (connection.cut()) {
        toRestore.add(connection);
      } else if (before.contains(connection.name().hashCode())) {
        restored++; // by the kernel
      }
    }
  }
}
