package io.portcullis.cli;

import io.portcullis.json.Json;
import io.portcullis.net.Family;
import io.portcullis.policy.reach.Row.Effect;
import io.portcullis.policy.reach.RowGroup;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Groups of flows, as a table for people and as JSON. */
final class GroupOutput {
  private static final int MAX_NAMED = 2;
  private static final int MAX_ENDS = 5_000_000;

  private GroupOutput() {}

  /**
   * A group for programs.
   *
   * @param now the first of what decides
   * @param before the first of what decided
   */
  private record GroupRecord(
      String effect,
      List<FlowRecord.End> sources,
      List<FlowRecord.End> destinations,
      List<String> ports,
      String family,
      FlowRecord.Reasons now,
      FlowRecord.Reasons before) {

    static GroupRecord of(RowGroup group) {
      return new GroupRecord(
          FlowTable.effect(group.effect()),
          group.sources().all().stream().map(FlowRecord::end).toList(),
          group.destinations().all().stream().map(FlowRecord::end).toList(),
          group.ports().words(),
          FlowRecord.name(group.family()),
          FlowRecord.reasons(group.now()),
          FlowRecord.reasons(group.before()));
    }
  }

  /** Returns the table and what it sums up to. */
  static List<String> table(List<RowGroup> groups) {
    var cells = new ArrayList<List<String>>();
    cells.add(List.of("", "SOURCES", "DESTINATIONS", "PORTS", "NOW", "BEFORE"));
    for (var group : groups) {
      cells.add(
          List.of(
              FlowTable.effect(group.effect()),
              side(group.sources()),
              side(group.destinations()),
              group.ports() + (group.family() == Family.V6 ? " over IPv6" : ""),
              FlowTable.reason(group.now()),
              FlowTable.reason(group.before())));
    }
    var lines = new ArrayList<>(FlowTable.aligned(cells));
    lines.add(
        "%d groups opened, %d closed, because there are too many flows to list them pair by pair"
            .formatted(count(groups, Effect.OPENED), count(groups, Effect.CLOSED)));
    return lines;
  }

  private static String side(RowGroup.Side side) {
    var more = side.size() - MAX_NAMED;
    return side.first(MAX_NAMED).stream().map(FlowTable::end).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static long count(List<RowGroup> groups, Effect effect) {
    return groups.stream().filter(group -> group.effect() == effect).count();
  }

  /**
   * Prints one group a line, in one object.
   *
   * @throws CommandException when their parties are too many
   */
  static void json(List<RowGroup> groups, PrintWriter out) throws CommandException {
    var ends =
        groups.stream()
            .mapToLong(group -> (long) group.sources().size() + group.destinations().size())
            .sum();
    if (ends > MAX_ENDS) {
      throw new CommandException(
          "--output json: %d groups name %d ends, more than the %d that are written; --by namespace"
                  .formatted(groups.size(), ends, MAX_ENDS)
              + " names fewer");
    }
    out.println("{\"groups\":[");
    for (var i = 0; i < groups.size(); i++) {
      out.print(new String(Json.bytes(GroupRecord.of(groups.get(i))), StandardCharsets.UTF_8));
      out.println(i + 1 < groups.size() ? "," : "");
    }
    out.println("]}");
  }
}
