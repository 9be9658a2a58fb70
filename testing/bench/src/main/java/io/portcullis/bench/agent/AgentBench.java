package io.portcullis.bench.agent;

import io.portcullis.agent.kernel.NftException;
import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.figures.Figure;
import io.portcullis.bench.figures.Figures;
import io.portcullis.bench.rules.LargeSet;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.RuleSet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Measures versions from their records to the kernel's commit. The tables of all sizes take turns,
 * so that other load on the machine affects all of them. One thread uses this class; it moves
 * between namespaces.
 */
public final class AgentBench {
  private static final int OTHERS = 200;
  private static final int MANY_OTHERS = 1_000;
  private static final int BATCH = 10_000;
  private static final int LOOKS = 3; // each takes seconds
  private static final int PROGRAM_EVERY = 10;

  private final Figures figures = new Figures("agent");
  private final Set<String> names = new LinkedHashSet<>();
  private final Set<String> parts = new LinkedHashSet<>();
  private final Parameters parameters;
  private final BenchOutput output;

  /**
   * How much is measured.
   *
   * @param sizes the numbers of elements of the large set, ascending
   * @param versions how many versions of each kind and size
   * @param loads how often the largest table is loaded
   */
  public record Parameters(List<Integer> sizes, int versions, int loads) {
    public Parameters {
      sizes = List.copyOf(sizes);
    }

    int largest() {
      return sizes.getLast();
    }
  }

  public AgentBench(Parameters parameters, BenchOutput output) {
    this.parameters = parameters;
    this.output = output;
  }

  /** Runs all measurements. */
  public List<Figure> run() throws NftException, InterruptedException {
    elements();
    chains();
    loads();
    batches();
    var results = new ArrayList<Figure>();
    for (var name : names) {
      results.add(figures.percentile(name, 50));
      results.add(figures.percentile(name, 99));
    }
    parts.forEach(name -> results.add(figures.percentile(name, 50)));
    for (var kind : List.of("add.", "remove.")) {
      results.add(figures.ratio(kind + parameters.largest(), kind + parameters.sizes().getFirst()));
      results.add(
          figures.ratio("program." + kind + parameters.largest(), kind + parameters.largest()));
    }
    return results;
  }

  private void add(String name, long micros) {
    names.add(name);
    figures.add(name, micros);
  }

  private void add(String name, AgentPipeline.Took took) {
    add(name, took.micros());
    addPart(name + ".verify", took.verify());
    addPart(name + ".render", took.render());
    addPart(name + ".nft", took.nft());
  }

  private void addPart(String name, long nanos) {
    parts.add(name);
    figures.add(name, nanos / 1_000);
  }

  private void elements() throws NftException, InterruptedException {
    var tables = new TreeMap<Integer, TestNode>();
    try {
      var without = new TreeMap<Integer, RuleSet>();
      var with = new TreeMap<Integer, RuleSet>();
      for (var size : parameters.sizes()) {
        without.put(size, LargeSet.of(size, OTHERS));
        with.put(size, LargeSet.oneMore(without.get(size), size).applyTo(without.get(size)));
        tables.put(size, new TestNode());
        tables.get(size).load(without.get(size));
      }
      warmUp(tables, without, with);
      for (var round = 0; round < parameters.versions(); round++) {
        if (round % 100 == 0) {
          output.progress("one element, version " + round);
        }
        for (var size : parameters.sizes()) {
          var table = tables.get(size);
          add("add." + size, table.become(with.get(size)));
          add("remove." + size, table.become(without.get(size)));
          if (round % PROGRAM_EVERY == 0) {
            add("program.add." + size, table.becomeByProgram(with.get(size)));
            add("program.remove." + size, table.becomeByProgram(without.get(size)));
          }
        }
      }
    } finally {
      for (var table : tables.values()) {
        table.close();
      }
    }
  }

  /** Lets the JVM compile the hot paths, as an agent has after a minute. */
  private void warmUp(
      Map<Integer, TestNode> tables, Map<Integer, RuleSet> without, Map<Integer, RuleSet> with)
      throws NftException {
    var smallest = parameters.sizes().getFirst();
    for (var i = 0; i < parameters.versions(); i++) {
      tables.get(smallest).become(with.get(smallest));
      tables.get(smallest).become(without.get(smallest));
    }
  }

  private void chains() throws NftException, InterruptedException {
    output.progress("chains");
    var smallest = parameters.sizes().getFirst();
    var rules =
        List.of(LargeSet.of(smallest, MANY_OTHERS, 8080), LargeSet.of(smallest, MANY_OTHERS, 8081));
    try (var table = new TestNode()) {
      table.load(rules.getFirst());
      for (var i = 1; i <= parameters.versions(); i++) {
        add("chain_of_" + MANY_OTHERS, table.become(rules.get(i % 2)));
      }
      for (var i = 0; i < parameters.loads(); i++) {
        add("nothing_of_" + MANY_OTHERS, table.become(rules.get(parameters.versions() % 2)));
      }
    }
  }

  private void loads() throws NftException, InterruptedException {
    var size = parameters.largest();
    var rules = LargeSet.of(size, OTHERS);
    var text = NftRenderer.replace(rules, NftRenderer.TABLE);
    for (var i = 0; i < parameters.loads(); i++) {
      output.progress("loading " + size + ", " + i);
      try (var table = new TestNode()) {
        add("load." + size, table.load(rules));
      }
      try (var table = new TestNode()) {
        add("program.load." + size, table.program(text));
      }
    }
  }

  private void batches() throws NftException, InterruptedException {
    output.progress("batches");
    var size = parameters.largest();
    var batch = Math.min(BATCH, size / 10);
    var small = LargeSet.of(size, OTHERS);
    var large = LargeSet.of(size + batch, OTHERS);
    try (var table = new TestNode()) {
      table.load(small);
      for (var i = 0; i < LOOKS; i++) {
        add("nothing." + size, table.become(small));
      }
      for (var i = 0; i < parameters.loads(); i++) {
        add("add_%d_at.%d".formatted(batch, size), table.become(large));
        add("remove_%d_at.%d".formatted(batch, size), table.become(small));
      }
    }
  }
}
