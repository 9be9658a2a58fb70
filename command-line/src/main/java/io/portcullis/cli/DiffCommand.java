package io.portcullis.cli;

import io.portcullis.policy.reach.Snapshot;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code diff}: prints which flows one set of manifests allows and another does not.
 */
@Command(
    name = "diff",
    description =
        "Tells which flows are opened and closed from one set of manifests to another, over all"
            + " flows, with what decides now and what decided before. Refused objects count as what"
            + " is enforced of them.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no flow is opened or closed",
      "1:some flows are opened or closed",
      "2:the command failed"
    })
final class DiffCommand implements Callable<Integer> {
  private static final String PRESENT = "now";

  @Parameters(index = "0", paramLabel = "BEFORE", description = "A directory, a file, - or now.")
  private Path before;

  @Parameters(index = "1", paramLabel = "NOW", description = "A directory, a file, - or now.")
  private Path now;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description =
          "The broker of a running installation, whose present cluster 'now' stands for. Variables"
              + " KAFKA_* set other properties of Kafka's clients; PORTCULLIS_EXEMPT_NAMESPACES is as"
              + " the compiler has it.")
  private Optional<String> kafka;

  @Mixin private ChangeOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CommandException {
    if (before.toString().equals("-") && now.toString().equals("-")) {
      throw new CommandException("- : standard input can be one of the two only");
    }
    if (kafka.isPresent() && !isPresent(before) && !isPresent(now)) {
      throw new CommandException("--kafka: neither BEFORE nor NOW is now");
    }
    var err = spec.commandLine().getErr();
    var changed = options.answer(snapshot(before), snapshot(now), err);
    options.print(changed, spec.commandLine().getOut());
    return changed.isEmpty() ? ExitCode.WELL : ExitCode.DIFFERENT;
  }

  private Snapshot snapshot(Path root) throws CommandException {
    var err = spec.commandLine().getErr();
    var read =
        isPresent(root)
            ? ClusterSource.installation(kafka.orElseThrow(), System.getenv(), err)
            : ClusterSource.Contents.of(Manifests.readWhole(root.toString(), root, err));
    return Snapshot.of(read.cluster(), exempt());
  }

  /** Both sides are compared as one installation would enforce them. */
  private Set<String> exempt() {
    return kafka.isPresent() ? ClusterSource.exempt(System.getenv()) : Set.of();
  }

  /** Without a broker it is the name of a file. */
  private boolean isPresent(Path root) {
    return kafka.isPresent() && root.toString().equals(PRESENT);
  }
}
