package io.portcullis.cli;

import io.portcullis.net.Family;
import io.portcullis.policy.reach.Decider;
import io.portcullis.policy.reach.Party;
import io.portcullis.policy.reach.Row;
import io.portcullis.policy.reach.Row.Reasons;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Rows of flows as tables for people, with aligned columns. */
final class FlowTable {
  private static final String GAP = "  ";
  private static final int MAX_NAMED = 2;

  private FlowTable() {}

  /** Returns the table of flows that are allowed. */
  static List<String> allowed(List<Row> rows) {
    var cells = new ArrayList<List<String>>();
    cells.add(List.of("SOURCE", "DESTINATION", "PORTS", "ALLOWED BY"));
    var families = families(rows);
    rows.forEach(row -> cells.add(line(row, families, List.of(reason(row.now())))));
    return aligned(cells);
  }

  /** Returns the table of flows that are opened or closed, with what decides and decided. */
  static List<String> changed(List<Row> rows) {
    var cells = new ArrayList<List<String>>();
    cells.add(List.of("", "SOURCE", "DESTINATION", "PORTS", "NOW", "BEFORE"));
    var families = families(rows);
    for (var row : rows) {
      var line = new ArrayList<String>();
      line.add(effect(row));
      line.addAll(line(row, families, List.of(reason(row.now()), reason(row.before()))));
      cells.add(line);
    }
    return aligned(cells);
  }

  static String effect(Row row) {
    return effect(row.effect());
  }

  static String effect(Row.Effect effect) {
    return switch (effect) {
      case ALLOWED -> "allowed";
      case OPENED -> "opened";
      case CLOSED -> "closed";
    };
  }

  private static List<String> line(Row row, Set<Family> families, List<String> reasons) {
    var line = new ArrayList<String>();
    line.add(end(row.source()));
    line.add(end(row.destination()));
    line.add(row.ports() + (families.equals(row.families()) ? "" : only(row)));
    line.addAll(reasons);
    return line;
  }

  /** Returns the families of all flows; where there is one only, no line need name it. */
  private static Set<Family> families(List<Row> rows) {
    var all = EnumSet.noneOf(Family.class);
    rows.forEach(row -> all.addAll(row.families()));
    return all;
  }

  /** Returns the one family of a row's flows, where neither end tells it. */
  private static String only(Row row) {
    return tellsFamily(row.source().party()) || tellsFamily(row.destination().party())
        ? ""
        : row.families().contains(Family.V4) ? " over IPv4" : " over IPv6";
  }

  /** Networks tell it by their addresses, and that nodes have one family only is no news. */
  private static boolean tellsFamily(Party party) {
    return switch (party) {
      case Party.Nodes _, Party.OwnNode _ -> true;
      case Party.Outside(var text) -> text.contains("/");
      case Party.Pods _, Party.ItselfThroughService _ -> false;
    };
  }

  static String end(Row.End end) {
    var text = end.party().text();
    return end.partly() ? "%s (%d of %d)".formatted(text, end.members(), end.of()) : text;
  }

  /** Returns what decides; an end that no policy touches is not worth a word. */
  static String reason(Reasons reasons) {
    var egress = speaking(reasons.egress());
    var ingress = speaking(reasons.ingress());
    if (egress.isEmpty() && ingress.isEmpty()) {
      return reasons.equals(Reasons.NONE) ? "not there" : Decider.NOBODY.text();
    }
    var texts = new ArrayList<String>();
    if (!egress.isEmpty()) {
      texts.add("egress " + listed(egress));
    }
    if (!ingress.isEmpty()) {
      texts.add("ingress " + listed(ingress));
    }
    return String.join("; ", texts);
  }

  private static List<String> speaking(List<Decider> deciders) {
    return deciders.stream()
        .filter(decider -> !decider.equals(Decider.NOBODY))
        .map(Decider::text)
        .toList();
  }

  private static String listed(List<String> texts) {
    var more = texts.size() - MAX_NAMED;
    return texts.stream().limit(MAX_NAMED).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  static List<String> aligned(List<List<String>> lines) {
    var columns = lines.getFirst().size();
    var widths = new int[columns];
    for (var line : lines) {
      for (var i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return lines.stream()
        .map(
            line -> {
              var text = new StringBuilder();
              for (var i = 0; i < columns; i++) {
                var cell = line.get(i);
                text.append(cell).append(" ".repeat(widths[i] - cell.length())).append(GAP);
              }
              return text.toString().stripTrailing();
            })
        .toList();
  }
}
