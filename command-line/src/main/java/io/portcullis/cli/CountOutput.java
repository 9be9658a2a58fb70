package io.portcullis.cli;

import io.portcullis.json.Json;
import io.portcullis.net.Family;
import io.portcullis.policy.reach.CountQuery;
import io.portcullis.policy.reach.PodCount;
import io.portcullis.policy.reach.Snapshot;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Prints counts of open pairs as they are found, because there may be millions. */
final class CountOutput {
  private final Snapshot snapshot;
  private final PrintWriter out;
  private long printed;

  CountOutput(Snapshot snapshot, PrintWriter out) {
    this.snapshot = snapshot;
    this.out = out;
  }

  /** A count for programs. */
  private record CountRecord(
      String family, String source, String destination, long open, long pairs) {}

  /**
   * Prints the answer.
   *
   * @throws CommandException when counts have no such form
   */
  void print(CountQuery query, FlowOutput form) throws CommandException {
    switch (form) {
      case TABLE -> table(query);
      case CSV -> {
        out.println("family,source,destination,open,pairs");
        query.forEach(snapshot, this::csv);
      }
      case JSON -> {
        out.println("{\"counts\":[");
        query.forEach(snapshot, this::json);
        out.println((printed > 0 ? "\n" : "") + "]}");
      }
      case DOT -> throw new CommandException("--counts: --output is table, json or csv");
    }
  }

  private void table(CountQuery query) {
    var longest = "DESTINATION".length();
    for (var pod : snapshot.pods().values()) {
      longest = Math.max(longest, pod.key().namespace().length());
    }
    var line = "%%-%ds  %%-%ds  %%s%%n".formatted(longest, longest);
    var twoFamilies =
        snapshot.pods().keySet().stream().map(ip -> ip.family()).distinct().count() > 1;
    Consumer<PodCount> print =
        count -> {
          if (printed++ == 0) {
            out.printf(line, "SOURCE", "DESTINATION", "OPEN");
          }
          out.printf(
              line,
              count.source(),
              count.destination(),
              count.open()
                  + " of "
                  + count.all()
                  + (twoFamilies && count.family() == Family.V6 ? " over IPv6" : ""));
        };
    query.forEach(snapshot, print);
    if (printed == 0) {
      out.println("nothing is allowed");
    }
  }

  private void csv(PodCount count) {
    out.println(
        String.join(
            ",",
            FlowRecord.name(count.family()),
            count.source(),
            count.destination(),
            Long.toString(count.open()),
            Long.toString(count.all())));
  }

  private void json(PodCount count) {
    var text =
        Json.bytes(
            new CountRecord(
                FlowRecord.name(count.family()),
                count.source(),
                count.destination(),
                count.open(),
                count.all()));
    out.print((printed++ > 0 ? ",\n" : "") + new String(text, StandardCharsets.UTF_8));
  }
}
