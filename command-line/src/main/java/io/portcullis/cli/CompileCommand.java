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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code compile}: a file of nft for each node. */
@Command(
    name = "compile",
    description =
        "Writes <node>.nft for each node, each replacing the whole table, ready for nft -f in that"
            + " node's network namespace. Needs neither Kafka nor a cluster.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all was well",
      "1:some objects were refused, all others are enforced",
      "2:nothing could be done"
    })
final class CompileCommand implements Callable<Integer> {
  private static final int NODES_TOLD = 20;

  @Option(
      names = "--manifests",
      required = true,
      paramLabel = "DIR|FILE|-",
      description = "Manifests as kubectl takes them; a directory is searched deep.")
  private Path manifests;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where the files go; made where it is missing.")
  private Path out;

  @Option(names = "--node", paramLabel = "NAME", description = "Only this node's file.")
  private Optional<String> node;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CannotDo {
    var read = Manifests.read(manifests, err());
    var nodes = nodes(read.cluster());
    var refused = nodes.stream().filter(name -> !NodeFile.fits(name)).toList();
    refused.forEach(name -> tell(tooLong(read.cluster(), name)));
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw new CannotDo("--out " + out + ": not a directory");
    }
    try {
      Files.createDirectories(out);
      write(read.cluster(), nodes.stream().filter(NodeFile::fits).toList());
      tellOfOthers(read.cluster());
    } catch (IOException e) {
      throw new CannotDo("--out " + out + ": " + ManifestFiles.reason(e), e);
    }
    return refused.isEmpty() ? read.exitCode() : ExitCode.REFUSED;
  }

  private List<String> nodes(Cluster cluster) throws CannotDo {
    var nodes = cluster.nodes();
    if (nodes.isEmpty()) {
      throw new CannotDo(
          "--manifests " + manifests + ": no Node object and no pod with an address and a node");
    }
    if (node.isEmpty()) {
      return nodes;
    }
    if (!nodes.contains(node.get())) {
      var more = nodes.size() - NODES_TOLD;
      throw new CannotDo(
          "--node "
              + node.get()
              + ": no such node; there are: "
              + String.join(", ", nodes.subList(0, Math.min(NODES_TOLD, nodes.size())))
              + (more > 0 ? " and " + more + " more" : ""));
    }
    return List.of(node.get());
  }

  private void write(Cluster cluster, List<String> nodes) throws IOException {
    var compiler = new RuleSetCompiler(cluster, Set.of());
    for (var name : nodes) {
      var file = NodeFile.write(out, name, compiler.compile(name));
      spec.commandLine().getOut().println(file);
    }
  }

  /** Files of nodes that are no more are not ours to delete, but nobody should load them. */
  private void tellOfOthers(Cluster cluster) throws IOException {
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
                    "no such node in " + manifests + "; the file was there before and is left",
                    Severity.NOTE))
        .forEach(this::tell);
  }

  private static String nodeOf(Path file) {
    var name = file.getFileName().toString();
    return name.substring(0, name.length() - NodeFile.SUFFIX.length());
  }

  private Problem tooLong(Cluster cluster, String name) {
    return new Problem(
        cluster.node(name).map(Node::origin).map(o -> o.source()).orElse(manifests.toString()),
        ObjectKey.node(name).display(),
        "metadata.name",
        "too long for a file's name; this node gets no file",
        Severity.ERROR);
  }

  private void tell(Problem problem) {
    err().println(problem.text());
  }

  private java.io.PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
