package io.portcullis.lab.screen;

import io.portcullis.lab.probe.Outcome;
import io.portcullis.lab.probe.Probe;
import io.portcullis.lab.probe.Reachability;
import io.portcullis.lab.probe.Site;
import io.portcullis.net.Family;
import io.portcullis.net.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A table of who reaches whom: a row for each source, a column for each destination, and in each
 * cell the ports that were reached.
 */
public final class Matrix {
  private static final int WIDEST = 160;
  private static final String ALL = "all";
  private static final String NONE = "-";
  private static final String SAME = ".";
  private static final String MISMATCH = "!";

  private Matrix() {}

  /** Returns the lines of the table; a {@code !} marks what is not as the policies say. */
  public static List<String> lines(Reachability reachability) {
    var sites = sites(reachability.seen().keySet());
    var byPair =
        reachability.seen().keySet().stream()
            .collect(Collectors.groupingBy(probe -> List.of(probe.from(), probe.to())));
    var wrong =
        reachability.mismatches().stream()
            .map(mismatch -> List.of(mismatch.probe().from(), mismatch.probe().to()))
            .collect(Collectors.toSet());
    var table = new ArrayList<List<String>>();
    for (var from : sites) {
      var row = new ArrayList<String>();
      row.add(from.name());
      for (var to : sites) {
        var pair = List.of(from, to);
        var probes = byPair.getOrDefault(pair, List.of());
        row.add(cell(probes, reachability.seen()) + (wrong.contains(pair) ? MISMATCH : ""));
      }
      table.add(row);
    }
    return layOut(sites.stream().map(Site::name).toList(), table);
  }

  private static List<Site> sites(Collection<Probe> probes) {
    return probes.stream()
        .flatMap(probe -> java.util.stream.Stream.of(probe.from(), probe.to()))
        .distinct()
        .sorted(java.util.Comparator.comparing(Site::kind).thenComparing(Site::name))
        .toList();
  }

  private static String cell(List<Probe> probes, Map<Probe, Outcome> seen) {
    if (probes.isEmpty()) {
      return SAME;
    }
    var reached = probes.stream().filter(probe -> seen.get(probe).reached()).toList();
    if (reached.isEmpty()) {
      return NONE;
    }
    if (reached.size() == probes.size()) {
      return ALL;
    }
    var families = families(probes);
    var ports = new TreeMap<Protocol, SortedMap<Integer, Set<Family>>>();
    for (var probe : reached) {
      ports
          .computeIfAbsent(probe.protocol(), _ -> new TreeMap<>())
          .computeIfAbsent(probe.port(), _ -> EnumSet.noneOf(Family.class))
          .add(probe.destination().family());
    }
    return ports.entrySet().stream()
        .map(of -> protocol(of.getKey(), of.getValue(), families))
        .collect(Collectors.joining(" "));
  }

  private static Set<Family> families(Collection<Probe> probes) {
    return probes.stream()
        .map(probe -> probe.destination().family())
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Family.class)));
  }

  /**
   * Returns the ports of a protocol; ports that were reached by the same families share a group.
   */
  private static String protocol(
      Protocol protocol, SortedMap<Integer, Set<Family>> ports, Set<Family> families) {
    var byFamilies = new LinkedHashMap<Set<Family>, List<String>>();
    ports.forEach(
        (port, reached) ->
            byFamilies.computeIfAbsent(reached, _ -> new ArrayList<>()).add(port.toString()));
    return byFamilies.entrySet().stream()
        .map(
            group ->
                protocol.nft()
                    + "/"
                    + String.join(",", group.getValue())
                    + only(group.getKey(), families))
        .collect(Collectors.joining(" "));
  }

  private static String only(Set<Family> reached, Set<Family> families) {
    return reached.equals(families)
        ? ""
        : reached.stream().map(Family::suffix).collect(Collectors.joining(",", "(", ")"));
  }

  /** Lays out the table. Numbers replace the columns' names if those would be too wide. */
  private static List<String> layOut(List<String> names, List<List<String>> table) {
    var header = new ArrayList<>(List.of("from \\ to"));
    header.addAll(names);
    var wide = lines(header, table);
    if (wide.getFirst().length() <= WIDEST) {
      return wide;
    }
    var numbered = new ArrayList<List<String>>();
    var numbers = new ArrayList<>(List.of("from \\ to"));
    for (var i = 0; i < table.size(); i++) {
      var row = new ArrayList<>(table.get(i));
      row.set(0, (i + 1) + " " + row.getFirst());
      numbered.add(row);
      numbers.add(Integer.toString(i + 1));
    }
    return lines(numbers, numbered);
  }

  private static List<String> lines(List<String> header, List<List<String>> table) {
    var all = new ArrayList<List<String>>();
    all.add(header);
    all.addAll(table);
    var widths = new int[header.size()];
    all.forEach(
        row -> {
          for (var i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
          }
        });
    return all.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    var line = new StringBuilder();
    for (var i = 0; i < widths.length; i++) {
      line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
    }
    return line.toString().stripTrailing();
  }
}
