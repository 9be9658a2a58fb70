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
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table of who reaches whom: a row for each source, a column for each destination, and in each
 * cell the ports that were reached. Where that is too wide, columns have numbers, and where that is
 * too wide as well, cells have signs.
 */
public final class Matrix {
  private static final int WIDEST = 160;
  private static final String ALL = "all";
  private static final String NONE = "-";
  private static final String SAME = ".";
  private static final String SOME = "~";
  private static final String ALL_AS_SIGN = "+";
  private static final String MISMATCH = "!";
  private static final String LEGEND = "+ all ports, ~ some, - none";
  private static final String CORNER = "from \\ to";

  /** What one source reached at one destination: in words, and as a sign. */
  private record Cell(String text, String sign) {
    Cell(String text) {
      this(text, text);
    }

    Cell marked() {
      return new Cell(text + MISMATCH, sign + MISMATCH);
    }
  }

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
    var table = new ArrayList<List<Cell>>();
    for (var from : sites) {
      var row = new ArrayList<Cell>();
      for (var to : sites) {
        var pair = List.of(from, to);
        var cell = cell(byPair.getOrDefault(pair, List.of()), reachability.seen());
        row.add(wrong.contains(pair) ? cell.marked() : cell);
      }
      table.add(row);
    }
    return layOut(sites.stream().map(Site::name).toList(), table);
  }

  private static List<Site> sites(Collection<Probe> probes) {
    return probes.stream()
        .flatMap(probe -> Stream.of(probe.from(), probe.to()))
        .distinct()
        .sorted(java.util.Comparator.comparing(Site::kind).thenComparing(Site::name))
        .toList();
  }

  private static Cell cell(List<Probe> probes, Map<Probe, Outcome> seen) {
    if (probes.isEmpty()) {
      return new Cell(SAME);
    }
    var reached = probes.stream().filter(probe -> seen.get(probe).reached()).toList();
    if (reached.isEmpty()) {
      return new Cell(NONE);
    }
    if (reached.size() == probes.size()) {
      return new Cell(ALL, ALL_AS_SIGN);
    }
    return new Cell(some(probes, reached), SOME);
  }

  private static String some(List<Probe> probes, List<Probe> reached) {
    var families = families(probes);
    var whole = EnumSet.copyOf(families);
    probes.stream()
        .filter(probe -> !reached.contains(probe))
        .forEach(probe -> whole.remove(probe.destination().family()));
    var groups = new ArrayList<String>();
    if (!whole.isEmpty()) {
      groups.add(ALL + only(whole, families));
    }
    var ports = new TreeMap<Protocol, SortedMap<Integer, Set<Family>>>();
    for (var probe : reached) {
      if (!whole.contains(probe.destination().family())) {
        ports
            .computeIfAbsent(probe.protocol(), _ -> new TreeMap<>())
            .computeIfAbsent(probe.port(), _ -> EnumSet.noneOf(Family.class))
            .add(probe.destination().family());
      }
    }
    ports.forEach(
        (protocol, of) -> groups.add(protocol(protocol, of, families, portsOf(protocol, probes))));
    return String.join(" ", groups);
  }

  private static long portsOf(Protocol protocol, Collection<Probe> probes) {
    return probes.stream()
        .filter(probe -> probe.protocol() == protocol)
        .map(Probe::port)
        .distinct()
        .count();
  }

  private static Set<Family> families(Collection<Probe> probes) {
    return probes.stream()
        .map(probe -> probe.destination().family())
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Family.class)));
  }

  /**
   * Returns the ports of a protocol; ports that were reached by the same families share a group.
   *
   * @param tried how many ports were tried: a group of as many is not listed
   */
  private static String protocol(
      Protocol protocol, SortedMap<Integer, Set<Family>> ports, Set<Family> families, long tried) {
    var byFamilies = new LinkedHashMap<Set<Family>, List<String>>();
    ports.forEach(
        (port, reached) ->
            byFamilies.computeIfAbsent(reached, _ -> new ArrayList<>()).add(port.toString()));
    return byFamilies.entrySet().stream()
        .map(
            group ->
                protocol.nft()
                    + "/"
                    + (group.getValue().size() == tried ? ALL : String.join(",", group.getValue()))
                    + only(group.getKey(), families))
        .collect(Collectors.joining(" "));
  }

  private static String only(Set<Family> reached, Set<Family> families) {
    return reached.equals(families)
        ? ""
        : reached.stream().map(Family::suffix).collect(Collectors.joining(",", "(", ")"));
  }

  private static List<String> layOut(List<String> names, List<List<Cell>> table) {
    var named = lines(header(names), rows(names, table, Cell::text));
    if (fits(named)) {
      return named;
    }
    var numbers = IntStream.rangeClosed(1, names.size()).mapToObj(Integer::toString).toList();
    var numbered = new ArrayList<String>();
    for (var i = 0; i < names.size(); i++) {
      numbered.add(numbers.get(i) + " " + names.get(i));
    }
    var inWords = lines(header(numbers), rows(numbered, table, Cell::text));
    if (fits(inWords)) {
      return inWords;
    }
    var signs = new ArrayList<>(lines(header(numbers), rows(numbered, table, Cell::sign)));
    signs.add(LEGEND);
    return signs;
  }

  private static boolean fits(List<String> lines) {
    return lines.stream().allMatch(line -> line.length() <= WIDEST);
  }

  private static List<String> header(List<String> columns) {
    return Stream.concat(Stream.of(CORNER), columns.stream()).toList();
  }

  private static List<List<String>> rows(
      List<String> names, List<List<Cell>> table, Function<Cell, String> text) {
    var rows = new ArrayList<List<String>>();
    for (var i = 0; i < names.size(); i++) {
      rows.add(Stream.concat(Stream.of(names.get(i)), table.get(i).stream().map(text)).toList());
    }
    return rows;
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
