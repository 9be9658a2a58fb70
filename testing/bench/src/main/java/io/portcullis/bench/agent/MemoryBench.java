package io.portcullis.bench.agent;

import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.bench.figures.Figure;
import io.portcullis.bench.network.Namespace;
import io.portcullis.bench.rules.LargeSet;
import io.portcullis.lab.ResidentMemory;
import io.portcullis.lab.process.Services;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Measures the memory of a process that holds a table, with the JVM options of an agent. */
public final class MemoryBench {
  private static final int OTHERS = 200;

  private final int elements;

  /**
   * Creates the measurement.
   *
   * @param elements how many elements the large set has
   */
  public MemoryBench(int elements) {
    this.elements = elements;
  }

  /** Starts the process and returns the lines that it prints. */
  public List<String> inAProcess(String mainClass, int versions)
      throws IOException, InterruptedException {
    var rules = LargeSet.of(elements, OTHERS);
    var command =
        Services.likeAnAgent(
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            mainClass,
            "memory",
            "--elements=" + elements,
            "--versions=" + versions,
            "--digest=" + digest(rules),
            "--digest=" + digest(LargeSet.oneMore(rules, elements).applyTo(rules)));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end the process"));
    var lines = process.inputReader().lines().toList();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(
          "a process with %d elements ended with %d".formatted(elements, process.exitValue()));
    }
    return lines;
  }

  /**
   * Loads a table, then adds and removes one element again and again, and measures this process.
   *
   * @param versions how many versions follow the first
   * @param digests the digests without and with that element; they are given because computing them
   *     here would double the records in memory
   */
  public List<Figure> here(int versions, List<String> digests)
      throws NftException, InterruptedException, IOException {
    var figures = new ArrayList<Figure>();
    try (var namespace = Namespace.make()) {
      namespace.enter();
      var node = new AgentPipeline();
      var kernel = new Kernel(NftWay.LIBRARY.open());
      node.first(node.records(LargeSet.of(elements, OTHERS), digests.getFirst()), kernel);
      figures.add(figure("loaded"));
      for (var i = 0; i < versions; i++) {
        var member = LargeSet.member(elements);
        node.next(
            i % 2 == 0
                ? node.entries(digests.getLast(), elements, List.of(member), List.of())
                : node.entries(digests.getFirst(), elements, List.of(), List.of(member.key())),
            kernel);
      }
      figures.add(figure("after_" + versions + "_versions"));
    }
    return figures;
  }

  private static String digest(RuleSet rules) {
    return rules.digest().hex();
  }

  private Figure figure(String when) {
    return new Figure(
        "agent.memory." + elements + "." + when,
        ResidentMemory.mebibytes(ProcessHandle.current().pid()).orElseThrow(),
        "MiB",
        1);
  }
}
