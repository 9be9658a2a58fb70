package io.portcullis.cli;

import io.portcullis.policy.reach.CountQuery;
import io.portcullis.policy.reach.PortSet;
import io.portcullis.policy.reach.ReachQuery;
import io.portcullis.policy.reach.Row;
import io.portcullis.policy.reach.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code reach}: prints who reaches whom, over all flows. */
@Command(
    name = "reach",
    description =
        "Tells who reaches whom on which ports, over all flows, and which rules allow it. Not"
            + " listed is what no policy decides: that a pod reaches itself, and its own node"
            + " reaches it.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all objects are valid",
      "1:some objects were refused; the answer is what is enforced of them",
      "2:the command failed"
    })
final class ReachCommand implements Callable<Integer> {
  @ArgGroup(multiplicity = "1")
  private ClusterSource source;

  @Option(
      names = "--from",
      paramLabel = "END",
      description =
          "Only these sources: a namespace, namespace/pod, namespace/workload (* stands for any"
              + " text), an address, a network, nodes or outside.")
  private Optional<String> from;

  @Option(names = "--to", paramLabel = "END", description = "Only these destinations.")
  private Optional<String> to;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Only these ports: tcp/80, tcp/8000-8100, udp or icmp.")
  private Optional<String> port;

  @Mixin private LevelOption by;

  @Option(
      names = "--output",
      paramLabel = "table|json|dot|csv",
      defaultValue = "table",
      description = "dot is for Graphviz. By default a table.")
  private FlowOutput output;

  @Option(
      names = "--counts",
      description =
          "Count for each two namespaces the pairs of pods of which one reaches the other on any of"
              + " the ports, in place of the flows.")
  private boolean counts;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CommandException {
    var ports = ports();
    var read = source.read(spec.commandLine().getErr());
    var snapshot = Snapshot.of(read.cluster(), read.exempt());
    var sources = Asked.parse("--from", from, snapshot);
    var destinations = Asked.parse("--to", to, snapshot);
    if (counts) {
      new CountOutput(snapshot, spec.commandLine().getOut())
          .print(new CountQuery(sources, destinations, ports), output);
    } else {
      print(rows(new ReachQuery(sources, destinations, ports, by.level()), snapshot));
    }
    return read.exitCode();
  }

  private PortSet ports() throws CommandException {
    try {
      return port.map(AskedPorts::parse).orElse(PortSet.EVERYTHING);
    } catch (IllegalArgumentException e) {
      throw new CommandException("--port: " + e.getMessage(), e);
    }
  }

  private static List<Row> rows(ReachQuery query, Snapshot snapshot) throws CommandException {
    try {
      return query.rows(snapshot);
    } catch (IllegalArgumentException e) {
      throw new CommandException("--from, --to: " + e.getMessage(), e);
    }
  }

  private void print(List<Row> rows) {
    var out = spec.commandLine().getOut();
    if (output == FlowOutput.TABLE && rows.isEmpty()) {
      out.println("nothing is allowed");
    }
    output.lines(rows).forEach(out::println);
  }
}
