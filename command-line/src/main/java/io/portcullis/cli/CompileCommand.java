package io.portcullis.cli;

import io.portcullis.cluster.ClusterObject.Node;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.manifest.ManifestFiles;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.state.Cluster;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code compile}: checks manifests, and writes one file of nft for each node. */
@Command(
    name = "compile",
    description =
        "Checks manifests. With --out it also writes a file <node>.nft for each node. Load it with"
            + " nft -f in that node's network namespace; it replaces the whole table. Needs neither"
            + " Kafka nor a cluster.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all objects are valid",
      "1:some objects were refused; files enforce all others",
      "2:the command failed"
    })
final class CompileCommand implements Callable<Integer> {
  private static final int MOST_NODES_NAMED = 20;

  @Mixin private ManifestsOption manifests;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "The directory for the files. It is created if it is missing. Without it the manifests"
              + " are only checked, and need hold neither pods nor nodes.")
  private Optional<Path> out;

  @Option(names = "--node", paramLabel = "NAME", description = "Write the file of this node only.")
  private Optional<String> node;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CommandException {
    if (node.isPresent() && out.isEmpty()) {
      throw new CommandException("--node " + node.get() + ": needs --out, where the file goes");
    }
    return out.isPresent() ? compile(out.get()) : check();
  }

  private int check() throws CommandException {
    var read = Manifests.check(manifests.path(), err());
    spec.commandLine().getOut().println(read.summary());
    return read.exitCode();
  }

  private int compile(Path out) throws CommandException {
    var read = Manifests.read(manifests.path(), err());
    var nodes = nodes(read.cluster());
    var refused = nodes.stream().filter(name -> !NodeFile.fits(name)).toList();
    refused.forEach(name -> report(tooLong(read.cluster(), name)));
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw new CommandException("--out " + out + ": not a directory");
    }
    try {
      Files.createDirectories(out);
      write(out, read.cluster(), nodes.stream().filter(NodeFile::fits).toList());
      reportOtherFiles(out, read.cluster());
    } catch (IOException e) {
      throw new CommandException("--out " + out + ": " + ManifestFiles.reason(e), e);
    }
    return refused.isEmpty() ? read.exitCode() : ExitCode.REFUSED;
  }

  private List<String> nodes(Cluster cluster) throws CommandException {
    var nodes = cluster.nodes();
    if (nodes.isEmpty()) {
      throw new CommandException(
          "--manifests "
              + manifests.path()
              + ": no Node object and no pod with an address and a node; leave --out away to check"
              + " the manifests only");
    }
    if (node.isEmpty()) {
      return nodes;
    }
    if (!nodes.contains(node.get())) {
      var more = nodes.size() - MOST_NODES_NAMED;
      throw new CommandException(
          "--node "
              + node.get()
              + ": no such node; there are: "
              + String.join(", ", nodes.subList(0, Math.min(MOST_NODES_NAMED, nodes.size())))
              + (more > 0 ? " and " + more + " more" : ""));
    }
    return List.of(node.get());
  }

  private void write(Path out, Cluster cluster, List<String> nodes) throws IOException {
    var compiler = new RuleSetCompiler(cluster, Set.of());
    for (var name : nodes) {
      var file = NodeFile.write(out, name, compiler.compile(name));
      spec.commandLine().getOut().println(file);
    }
  }

  /** Reports files of nodes that do not exist: nobody should load them, but they are not ours. */
  private void reportOtherFiles(Path out, Cluster cluster) throws IOException {
    var others = new ArrayList<Path>();
    try (var files = Files.newDirectoryStream(out, "*" + NodeFile.SUFFIX)) {
      files.forEach(others::add);
    }
    others.stream()
        .sorted()
        .filter(file -> !cluster.nodes().contains(nodeOf(file)))
        .map(
            file ->
                new Problem(
                    file.toString(),
                    "Node/" + nodeOf(file),
                    "metadata.name",
                    "no such node in "
                        + manifests.path()
                        + "; the file of an earlier run is left as it is",
                    Severity.NOTE))
        .forEach(this::report);
  }

  private static String nodeOf(Path file) {
    var name = file.getFileName().toString();
    return name.substring(0, name.length() - NodeFile.SUFFIX.length());
  }

  private Problem tooLong(Cluster cluster, String name) {
    return new Problem(
        cluster
            .node(name)
            .map(Node::origin)
            .map(o -> o.source())
            .orElse(manifests.path().toString()),
        ObjectKey.node(name).display(),
        "metadata.name",
        "too long for the name of a file; this node gets none",
        Severity.ERROR);
  }

  private void report(Problem problem) {
    err().println(problem.text());
  }

  private java.io.PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
