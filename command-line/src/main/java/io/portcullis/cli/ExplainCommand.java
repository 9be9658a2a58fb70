package io.portcullis.cli;

import io.portcullis.json.Json;
import io.portcullis.policy.explain.Answer;
import io.portcullis.policy.explain.Explainer;
import io.portcullis.policy.explain.Explanation;
import io.portcullis.policy.explain.ExplanationText;
import io.portcullis.policy.explain.Question;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code explain}: prints the verdict on a connection, and what decides it. */
@Command(
    name = "explain",
    description =
        "Tells whether a connection is allowed, and which tier, policy and rule decide, for egress"
            + " and for ingress.",
    exitCodeListHeading = "%nExit codes, whatever the verdict:%n",
    exitCodeList = {
      "0:all objects are valid",
      "1:some objects were refused, all others count",
      "2:the command failed"
    })
final class ExplainCommand implements Callable<Integer> {

  /** Where the verdict comes from. */
  private static final class Source extends ManifestsOption {
    @Option(
        names = "--url",
        paramLabel = "URL",
        description =
            "The main port of a running compiler, to ask it instead. If it requires a token, set"
                + " that in the environment variable "
                + CompilerClient.TOKEN
                + ".")
    private Optional<URI> url;
  }

  /** The form of the output. */
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
      description = "The client, a pod or an address.")
  private String from;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "NS/POD|IP",
      description = "The server, a pod or an address.")
  private String to;

  @Option(
      names = "--port",
      required = true,
      paramLabel = "PORT",
      description = "The port: tcp/80, udp/53, sctp/9 or icmp.")
  private String port;

  @Option(
      names = "--output",
      paramLabel = "text|json",
      defaultValue = "text",
      description =
          "json is for programs. It has the verdict on the first pair of addresses, IPv4 before"
              + " IPv6; the reason says if other pairs differ.")
  private Output output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CommandException {
    var question = question();
    if (source.url.isPresent()) {
      var client = new CompilerClient(source.url.get(), CompilerClient.tokenOf(System.getenv()));
      print(
          switch (output) {
            case TEXT -> client.explainInText(from, to, port);
            case JSON -> json(client.explain(from, to, port));
          });
      return ExitCode.WELL;
    }
    var read = Manifests.read(source.path(), spec.commandLine().getErr());
    switch (new Explainer(read.cluster(), Set.of(), read.services()).answer(question)) {
      case Answer.Explained explained -> print(explained);
      case Answer.NoSuchPod(var reason) -> throw new CommandException(reason);
      case Answer.NoFlow(var reason) -> throw new CommandException(reason);
    }
    return read.exitCode();
  }

  private Question question() throws CommandException {
    try {
      return Question.parse(from, to, port);
    } catch (IllegalArgumentException e) {
      throw new CommandException("--" + e.getMessage(), e);
    }
  }

  private void print(Answer.Explained explained) {
    print(
        switch (output) {
          case TEXT -> ExplanationText.of(asked(), explained);
          case JSON -> json(explained.inShort());
        });
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
