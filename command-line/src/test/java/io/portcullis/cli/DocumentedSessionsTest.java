package io.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The terminal sessions in the docs about the shipped examples print what the docs show. */
class DocumentedSessionsTest {
  private static final Path ROOT = Path.of("..");
  private static final String INDENT = "    ";
  private static final String PROMPT = "$ ";
  private static final String PROGRAM = "./portcullis ";
  private static final String EXAMPLES = "deploy/examples/";

  /** A command of a session and the lines that it prints. */
  private record Shown(String command, List<String> lines) {
    boolean isAboutExamples() {
      return command.startsWith(PROGRAM)
          && command.contains(EXAMPLES)
          && !command.contains("--out ");
    }

    List<String> arguments() {
      return Stream.of(command.substring(PROGRAM.length()).split(" "))
          .map(word -> word.startsWith(EXAMPLES) ? ROOT.resolve(word).toString() : word)
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"docs/command-line.md", "docs/examples.md"})
  void commandsPrintWhatThePageShows(String page) throws IOException {
    var session = session(Files.readAllLines(ROOT.resolve(page)));
    assertThat(session).filteredOn(Shown::isAboutExamples).isNotEmpty();
    var code = OptionalInt.empty();
    for (var shown : session) {
      if (shown.isAboutExamples()) {
        var printed = new ArrayList<String>();
        code = OptionalInt.of(run(shown.arguments(), printed));
        assertThat(printed).as(shown.command()).isEqualTo(shown.lines());
        continue;
      }
      if (shown.command().equals("echo $?") && code.isPresent()) {
        assertThat(shown.lines()).first().isEqualTo(Integer.toString(code.getAsInt()));
      }
      code = OptionalInt.empty();
      if (shown.command().startsWith("cat " + EXAMPLES)) {
        var file = ROOT.resolve(shown.command().substring("cat ".length()));
        assertThat(Files.readAllLines(file)).isEqualTo(shown.lines());
      }
    }
  }

  private static int run(List<String> arguments, List<String> printed) {
    var terminal = new StringWriter();
    var writer = new PrintWriter(terminal, true);
    var code =
        Portcullis.commandLine()
            .setOut(writer)
            .setErr(writer)
            .execute(arguments.toArray(String[]::new));
    terminal
        .toString()
        .lines()
        .map(line -> line.replace(ROOT.resolve(EXAMPLES) + "/", EXAMPLES).stripTrailing())
        .forEach(printed::add);
    return code;
  }

  private static List<Shown> session(List<String> page) {
    var session = new ArrayList<Shown>();
    var inBlock = false;
    for (var line : page) {
      if (line.startsWith(INDENT + PROMPT)) {
        session.add(new Shown(line.substring((INDENT + PROMPT).length()), new ArrayList<>()));
        inBlock = true;
      } else if (inBlock && line.startsWith(INDENT)) {
        session.getLast().lines().add(line.substring(INDENT.length()).stripTrailing());
      } else {
        inBlock = false;
      }
    }
    return session;
  }
}
