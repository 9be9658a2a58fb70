package io.portcullis.cli;

import io.portcullis.policy.lint.Level;
import io.portcullis.policy.lint.Linter;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code lint}: finds what policies' authors may not have meant. */
@Command(
    name = "lint",
    description =
        "Finds rules that match or decide nothing, pods that are open by mistake, and other things"
            + " that the authors of policies may not have meant. Policies may stand alone, as in a"
            + " chart; with pods, namespaces and nodes beside them more can be found.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no errors and no warnings",
      "1:some errors or warnings",
      "2:the command failed"
    })
final class LintCommand implements Callable<Integer> {
  private enum Output {
    TEXT,
    JSON,
    SARIF
  }

  @Mixin private ManifestsOption manifests;

  @Option(
      names = "--level",
      paramLabel = "error|warning|note",
      defaultValue = "note",
      description = "The least level that is told: error, warning or note (default: note).")
  private Level level;

  @Option(
      names = "--output",
      paramLabel = "text|json|sarif",
      defaultValue = "text",
      description =
          "text is for people, json for programs. sarif (2.1.0) is what code hosts show in pull"
              + " requests.")
  private Output output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CommandException {
    var read = Manifests.check(manifests.path(), new PrintWriter(Writer.nullWriter()));
    var places = new Places();
    var all =
        Stream.concat(
                read.problems().stream().map(problem -> LintRow.of(problem, places)),
                Linter.findings(read.cluster()).stream()
                    .map(finding -> LintRow.of(finding, places)))
            .sorted()
            .toList();
    var report = new LintReport(all.stream().filter(row -> row.isAtLeast(level)).toList());
    var text =
        switch (output) {
          case TEXT -> report.text();
          case JSON -> report.json();
          case SARIF -> Sarif.of(report.findings());
        };
    spec.commandLine().getOut().println(text);
    return all.stream().anyMatch(row -> row.isAtLeast(Level.WARNING))
        ? ExitCode.REFUSED
        : ExitCode.WELL;
  }
}
