package io.portcullis.cli;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.policy.reach.ChangeAnswer;
import io.portcullis.policy.reach.Preview;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code preview}: prints what a change would open and close, before it is made. */
@Command(
    name = "preview",
    description =
        "Tells which flows a change would open and close, over all flows, before it is applied."
            + " With --expect it checks that the change does what it is expected to do, and nothing"
            + " else.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the flows are printed; with --expect, they are those that are expected",
      "2:the command failed, or an object of the change is not valid",
      "3:the change does more or less than is expected"
    })
final class PreviewCommand implements Callable<Integer> {
  private static final int MOST_NAMED = 5;

  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE|DIR|-",
      description = "The objects of the change, as kubectl apply reads them.")
  private Path change;

  @Option(
      names = "--delete",
      description = "The change deletes these objects, as kubectl delete does.")
  private boolean delete;

  @ArgGroup(multiplicity = "1", heading = "The cluster before the change:%n")
  private ClusterSource source;

  @Option(
      names = "--expect",
      paramLabel = "FILE",
      description =
          "What the change may do: a line 'opened|closed SOURCE -> DESTINATION on PORTS' for each"
              + " flow, in whose names * stands for any text.")
  private Optional<Path> expect;

  @Mixin private ChangeOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CommandException {
    if (change.toString().equals("-") && source.isStandardInput()) {
      throw new CommandException("-f -, --manifests -: standard input can be one of the two only");
    }
    var expected = expected();
    var err = spec.commandLine().getErr();
    var base = source.read(err);
    var changed = Manifests.readWhole("-f " + change, change, err);
    if (changed.exitCode() != ExitCode.WELL) {
      throw new CommandException("-f " + change + ": not valid, so it would not be applied");
    }
    var flows = flows(base, changes(base, changed));
    options.print(flows, spec.commandLine().getOut());
    return expected.isPresent() ? check(expected.get(), flows) : ExitCode.WELL;
  }

  private Optional<Expectations> expected() throws CommandException {
    return expect.isPresent() ? Optional.of(Expectations.read(expect.get())) : Optional.empty();
  }

  private ChangeAnswer flows(
      ClusterSource.Contents base, Map<ObjectKey, Optional<ClusterObject>> changes)
      throws CommandException {
    var preview = Preview.of(base.cluster(), base.exempt(), changes);
    return options.answer(preview.before(), preview.after(), spec.commandLine().getErr());
  }

  private Map<ObjectKey, Optional<ClusterObject>> changes(
      ClusterSource.Contents base, Manifests changed) throws CommandException {
    var changes = new LinkedHashMap<ObjectKey, Optional<ClusterObject>>();
    for (var object : changed.objects()) {
      changes.put(object.key(), delete ? Optional.empty() : Optional.of(object));
    }
    if (delete) {
      var known = base.objects().stream().map(ClusterObject::key).collect(Collectors.toSet());
      var missing = changes.keySet().stream().filter(key -> !known.contains(key)).toList();
      if (!missing.isEmpty()) {
        throw new CommandException(
            "-f %s: not there to be deleted: %s"
                .formatted(
                    change,
                    missing.stream()
                        .limit(MOST_NAMED)
                        .map(ObjectKey::display)
                        .collect(Collectors.joining(", "))));
      }
    }
    return changes;
  }

  private int check(Expectations expected, ChangeAnswer flows) {
    var unmet = expected.unmet(flows);
    unmet.forEach(spec.commandLine().getErr()::println);
    return unmet.isEmpty() ? ExitCode.WELL : ExitCode.UNEXPECTED;
  }
}
