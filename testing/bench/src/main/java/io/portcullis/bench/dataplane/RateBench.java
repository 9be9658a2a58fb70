package io.portcullis.bench.dataplane;

import io.portcullis.agent.kernel.Nft;
import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.figures.Figure;
import io.portcullis.bench.network.Flood;
import io.portcullis.bench.network.PacketCount;
import io.portcullis.bench.network.Route;
import io.portcullis.bench.rules.Layouts;
import io.portcullis.net.Family;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.RuleSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures how many new flows per second pass the router, with more and more policies. */
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
  private final BenchOutput output;

  /**
   * Creates the benchmark.
   *
   * @param route the network
   * @param nft the nftables of the route's router
   * @param rounds how often each layout is measured
   * @param packets how many packets each round and layout has
   * @param output receives progress lines
   */
  public RateBench(Route route, Nft nft, int rounds, int packets, BenchOutput output) {
    this.route = route;
    this.nft = nft;
    this.rounds = rounds;
    this.packets = packets;
    this.output = output;
  }

  /** Measures, and returns the figures. */
  public List<Figure> run() throws Exception {
    var figures = new ArrayList<Figure>();
    for (var end : Route.End.values()) {
      route.count(end);
      for (var family : Family.values()) {
        figures.addAll(run(end, family));
      }
    }
    return figures;
  }

  private List<Figure> run(Route.End end, Family family) throws Exception {
    var tables = tables(family);
    var rates = new LinkedHashMap<String, List<Double>>();
    try (var flood = Flood.open(route, family, Route.CLIENTS)) {
      for (var round = 0; round < rounds; round++) {
        output.progress("new flows %s, %s, round %d".formatted(family, end, round));
        for (var table : tables.entrySet()) {
          nft.run(NftRenderer.remove(NftRenderer.TABLE) + table.getValue());
          rates
              .computeIfAbsent(table.getKey(), _ -> new ArrayList<>())
              .add(rate(table.getKey(), flood));
        }
      }
    }
    return figures(end + "." + family.suffix(), rates);
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

  private static String text(RuleSet rules) {
    return NftRenderer.replace(rules, NftRenderer.TABLE);
  }

  private double rate(String name, Flood flood) throws Exception {
    flood.send(packets / 10);
    var before = PacketCount.read(nft);
    var took = flood.send(packets);
    var counted = PacketCount.read(nft).since(before);
    if (counted.passed() < counted.come() * ENOUGH || counted.come() < packets / 2) {
      throw new IllegalStateException(
          "%s: of %d packets %d arrived and %d passed as new flows"
              .formatted(name, packets, counted.come(), counted.passed()));
    }
    return counted.passed() / (took / 1e9);
  }

  private static List<Figure> figures(String kind, Map<String, List<Double>> rates) {
    var figures = new ArrayList<Figure>();
    for (var rate : rates.entrySet()) {
      var name = "dataplane.flows." + kind.toLowerCase(Locale.ROOT) + "." + rate.getKey();
      var median = median(rate.getValue());
      figures.add(new Figure(name, median, "flows/s", 0));
      for (var other : List.of(BARE, ONE)) {
        var ratio = median / median(rates.get(other));
        figures.add(new Figure(name + ".to." + other, ratio, "ratio", 3));
      }
    }
    return figures;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }
}
