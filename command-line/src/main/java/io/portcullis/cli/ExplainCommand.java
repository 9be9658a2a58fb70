package io.portcullis.cli;

import io.portcullis.json.Json;
import io.portcullis.policy.explain.Answer;
import io.portcullis.policy.explain.Explainer;
import io.portcullis.policy.explain.Explanation;
import io.portcullis.policy.explain.Question;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code explain}: the verdict on a flow, and what made it. */
@Command(
    name = "explain",
    description =
        "Says whether one may connect to the other, and each tier, policy and rule that made the"
            + " verdict, for egress and for ingress.",
    exitCodeListHeading = "%nExit codes, whatever the verdict:%n",
    exitCodeList = {
      "0:all was well",
      "1:some objects were refused, all others count",
      "2:nothing could be done"
    })
final class ExplainCommand implements Callable<Integer> {

  /** Whom to ask. */
  private static final class Source {
    @Option(
        names = "--manifests",
        paramLabel = "DIR|FILE|-",
        description = "Manifests as kubectl takes them; a directory is searched deep.")
    private Optional<Path> manifests;

    @Option(
        names = "--url",
        paramLabel = "URL",
        description =
            "A running compiler instead. Its token, where it asks for one, is taken from the"
                + " environment: "
                + CompilerClient.TOKEN)
    private Optional<URI> url;
  }

  /** How to print. */
  private enum Output {
    TEXT,
    JSON
  }

  @ArgGroup(multiplicity = "1")
  private Source source;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "NS/POD|IP",
      description = "Who connects.")
  private String from;

  @Option(names = "--to", required = true, paramLabel = "NS/POD|IP", description = "To whom.")
  private String to;

  @Option(
      names = "--port",
      required = true,
      paramLabel = "PORT",
      description = "tcp/80, udp/53, sctp/9 or icmp.")
  private String port;

  @Option(
      names = "--output",
      paramLabel = "text|json",
      defaultValue = "text",
      description =
          "json is for programs: the verdict on the first pair of addresses, IPv4 before IPv6; where"
              + " others differ, the reason says so.")
  private Output output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CannotDo {
    var question = question();
    if (source.url.isPresent()) {
      var client = new CompilerClient(source.url.get(), CompilerClient.tokenOf(System.getenv()));
      print(client.explain(from, to, port));
      return ExitCode.WELL;
    }
    var read = Manifests.read(source.manifests.orElseThrow(), spec.commandLine().getErr());
    switch (new Explainer(read.cluster(), Set.of()).answer(question)) {
      case Answer.Explained explained -> print(explained);
      case Answer.NoSuchPod(var reason) -> throw new CannotDo(reason);
      case Answer.NoFlow(var reason) -> throw new CannotDo(reason);
    }
    return read.exitCode();
  }

  private Question question() throws CannotDo {
    try {
      return Question.parse(from, to, port);
    } catch (IllegalArgumentException e) {
      throw new CannotDo("--" + e.getMessage(), e);
    }
  }

  private void print(Answer.Explained explained) {
    switch (output) {
      case TEXT -> print(ExplanationText.of(asked(), explained));
      case JSON -> print(json(explained.inShort()));
    }
  }

  private void print(Explanation explanation) {
    switch (output) {
      case TEXT -> print(ExplanationText.of(asked(), explanation));
      case JSON -> print(json(explanation));
    }
  }

  private void print(String text) {
    spec.commandLine().getOut().println(text);
  }

  private static String json(Explanation explanation) {
    return new String(Json.bytes(explanation), StandardCharsets.UTF_8);
  }

  private String asked() {
    return from + " to " + to + ", " + port;
  }
}
