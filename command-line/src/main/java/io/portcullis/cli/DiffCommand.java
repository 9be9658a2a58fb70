package io.portcullis.cli;

import io.portcullis.policy.reach.Snapshot;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
  @Parameters(index = "0", paramLabel = "BEFORE", description = "A directory, a file, or -.")
  private Path before;

  @Parameters(index = "1", paramLabel = "NOW", description = "A directory, a file, or -.")
  private Path now;

  @Mixin private ChangeOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CommandException {
    if (before.toString().equals("-") && now.toString().equals("-")) {
      throw new CommandException("- : standard input can be one of the two only");
    }
    var rows = options.rows(snapshot(before), snapshot(now));
    options.print(rows, spec.commandLine().getOut());
    return rows.isEmpty() ? ExitCode.WELL : ExitCode.DIFFERENT;
  }

  private Snapshot snapshot(Path root) throws CommandException {
    var read = Manifests.readWhole(root.toString(), root, spec.commandLine().getErr());
    return Snapshot.of(read.cluster(), Set.of());
  }
}
