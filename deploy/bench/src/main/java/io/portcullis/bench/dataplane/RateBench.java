package io.portcullis.bench.dataplane;

import io.portcullis.agent.kernel.Nft;
import io.portcullis.bench.network.Flood;
import io.portcullis.bench.network.Passed;
import io.portcullis.bench.network.Route;
import io.portcullis.bench.rules.Layouts;
import io.portcullis.net.Family;
import io.portcullis.nft.NftRenderer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How many first packets of flows a second the router judges, with more and more policies. A router
 * drops each packet after its judgement, so it spends less on a packet than one that also makes the
 * connection: the ratios here are the harder ones.
 */
public final class RateBench {
  private static final String BARE = "bare";
  private static final String ONE = "policies_1";
  private static final String ESTABLISHED_ALONE =
      """
      table inet portcullis {
        chain forward {
          type filter hook forward priority filter; policy accept;
          ct state established,related accept
        }
      }
      """;
  private static final double ENOUGH = 0.99;

  private final Route route;
  private final Nft nft;
  private final int rounds;
  private final int packets;
  private final Consumer<String> progress;

  /**
   * @param nft of the route's router
   * @param packets of each round and layout
   */
  public RateBench(Route route, Nft nft, int rounds, int packets, Consumer<String> progress) {
    this.route = route;
    this.nft = nft;
    this.rounds = rounds;
    this.packets = packets;
    this.progress = progress;
  }

  /** The figures, a line each. */
  public List<String> run() throws Exception {
    var lines = new ArrayList<String>();
    for (var family : Family.values()) {
      lines.addAll(run(family));
    }
    return lines;
  }

  private List<String> run(Family family) throws Exception {
    var tables = tables(family);
    var rates = new LinkedHashMap<String, List<Double>>();
    try (var flood = Flood.open(route, family, Route.CLIENTS)) {
      for (var round = 0; round < rounds; round++) {
        progress.accept("new flows of " + family + ", round " + round);
        for (var table : tables.entrySet()) {
          nft.run(NftRenderer.remove(NftRenderer.TABLE) + table.getValue());
          rates
              .computeIfAbsent(table.getKey(), _ -> new ArrayList<>())
              .add(rate(table.getKey(), flood));
        }
      }
    }
    return lines(family, rates);
  }

  private static Map<String, String> tables(Family family) {
    var tables = new LinkedHashMap<String, String>();
    tables.put(BARE, ESTABLISHED_ALONE);
    for (var count : List.of(1, 100, 1_000, 5_000)) {
      tables.put("policies_" + count, text(Layouts.policies(family, count)));
    }
    for (var count : List.of(10, 50)) {
      tables.put("ports_" + count, text(Layouts.ports(family, count)));
    }
    tables.put("networks_1000", text(Layouts.networks(family, 1_000)));
    return tables;
  }

  private static String text(io.portcullis.ruleset.RuleSet rules) {
    return NftRenderer.replace(rules, NftRenderer.TABLE);
  }

  private double rate(String name, Flood flood) throws Exception {
    flood.send(packets / 10);
    var before = Passed.read(nft);
    var took = flood.send(packets);
    var counted = Passed.read(nft).since(before);
    if (counted.passed() < packets * ENOUGH) {
      throw new IllegalStateException(
          "%s: of %d packets %d passed".formatted(name, packets, counted.passed()));
    }
    return counted.passed() / (took / 1e9);
  }

  private static List<String> lines(Family family, Map<String, List<Double>> rates) {
    var lines = new ArrayList<String>();
    for (var rate : rates.entrySet()) {
      var name = "flows." + family + "." + rate.getKey();
      var median = median(rate.getValue());
      lines.add(line(name, "%.0f flows/s", median));
      lines.add(line(name + ".to." + BARE, "%.3f ratio", median / median(rates.get(BARE))));
      lines.add(line(name + ".to." + ONE, "%.3f ratio", median / median(rates.get(ONE))));
    }
    return lines;
  }

  private static String line(String name, String format, double value) {
    return "dataplane." + name + " " + String.format(Locale.ROOT, format, value);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }
}
