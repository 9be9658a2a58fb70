package io.portcullis.cli;

import io.portcullis.json.Json;
import io.portcullis.policy.reach.Party;
import io.portcullis.policy.reach.Row;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The forms in which flows are printed. */
enum FlowOutput {
  TABLE {
    @Override
    List<String> lines(List<Row> rows) {
      if (rows.isEmpty()) {
        return List.of();
      }
      return rows.getFirst().effect() == Row.Effect.ALLOWED
          ? FlowTable.allowed(rows)
          : FlowTable.changed(rows);
    }
  },
  JSON {
    @Override
    List<String> lines(List<Row> rows) {
      var flows = new Flows(rows.stream().map(FlowRecord::of).toList());
      return List.of(new String(Json.bytes(flows), StandardCharsets.UTF_8));
    }
  },
  CSV {
    @Override
    List<String> lines(List<Row> rows) {
      return Stream.concat(
              Stream.of(
                  "effect,source,source pods,destination,destination pods,ports,families,now,before"),
              rows.stream().map(FlowOutput::csv))
          .toList();
    }
  },
  DOT {
    @Override
    List<String> lines(List<Row> rows) {
      var edges = new LinkedHashMap<String, List<String>>();
      for (var row : rows) {
        edges
            .computeIfAbsent(
                "  " + node(row, row.source()) + " -> " + node(row, row.destination()),
                _ -> new java.util.ArrayList<>())
            .add(
                row.effect() == Row.Effect.ALLOWED
                    ? row.ports().toString()
                    : FlowTable.effect(row) + " " + row.ports());
      }
      return Stream.of(
              Stream.of("digraph portcullis {", "  rankdir=LR;"),
              edges.entrySet().stream()
                  .map(
                      e ->
                          e.getKey() + " [label=" + quoted(String.join("\n", e.getValue())) + "];"),
              Stream.of("}"))
          .flatMap(lines -> lines)
          .toList();
    }
  };

  /** The answer as JSON. */
  record Flows(List<FlowRecord> flows) {}

  abstract List<String> lines(List<Row> rows);

  /** A pod's own node and itself are nodes of the graph for each party. */
  private static String node(Row row, Row.End end) {
    return switch (end.party()) {
      case Party.Pods _, Party.Nodes _, Party.Outside _ -> quoted(end.party().text());
      case Party.OwnNode _, Party.ItselfThroughService _ ->
          quoted(row.source().party().text() + ": " + end.party().text());
    };
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }

  private static String csv(Row row) {
    var flow = FlowRecord.of(row);
    return Stream.of(
            flow.effect(),
            flow.source().name(),
            count(flow.source().pods()),
            flow.destination().name(),
            count(flow.destination().pods()),
            String.join(" ", flow.ports()),
            String.join(" ", flow.families()),
            FlowTable.reason(row.now()),
            flow.before().isPresent() ? FlowTable.reason(row.before()) : "")
        .map(FlowOutput::cell)
        .collect(Collectors.joining(","));
  }

  private static String count(Optional<Integer> pods) {
    return pods.map(Object::toString).orElse("");
  }

  private static String cell(String text) {
    return text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
        ? "\"" + text.replace("\"", "\"\"") + "\""
        : text;
  }
}
