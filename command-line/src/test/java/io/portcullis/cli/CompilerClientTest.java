package io.portcullis.cli;

import static io.portcullis.cli.Ran.portcullis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked over HTTP, and what becomes of each kind of answer. */
class CompilerClientTest {
  private static final String VERDICT =
      "{\"verdict\":\"denied\","
          + "\"egress\":{\"verdict\":\"allowed\",\"tier\":\"Default\",\"policy\":\"\",\"rule\":\"\","
          + "\"reason\":\"none\"},"
          + "\"ingress\":{\"verdict\":\"denied\",\"tier\":\"NetworkPolicy\","
          + "\"policy\":\"NetworkPolicy/shop/deny\",\"rule\":\"\",\"reason\":\"isolated\"}}";

  private static final String TEXT =
      """
      depends on the address: shop/web to fd00::5, tcp/80
      denied: 10.0.0.5 to fd00::5
      """;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private volatile int status = 200;
  private volatile String type = "text/plain";
  private volatile String body = VERDICT;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(
        exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
    var inText = type.equals(exchange.getRequestHeaders().getFirst("Accept"));
    var bytes = (inText ? TEXT : body).getBytes(StandardCharsets.UTF_8);
    if (inText) {
      exchange.getResponseHeaders().add("Content-Type", type + ";charset=UTF-8");
    }
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Test
  void theVerdictIsPrintedAsTheCompilerGivesIt() {
    assertThat(explain("--output", "json")).isEqualTo(new Ran(0, VERDICT + "\n", ""));
    assertThat(explain()).isEqualTo(new Ran(0, TEXT, ""));
    assertThat(asked.getFirst())
        .isEqualTo("/explain?from=shop%2Fweb&to=fd00%3A%3A5&port=tcp%2F80 null");
  }

  @Test
  void theTokenOfTheEnvironmentIsSent() throws Exception {
    var token = CompilerClient.tokenOf(Map.of("PORTCULLIS_ENDPOINT_TOKEN", "secret"));
    new CompilerClient(URI.create(url() + "/"), token).explain("a/b", "c/d", "icmp");
    assertThat(asked).containsExactly("/explain?from=a%2Fb&to=c%2Fd&port=icmp Bearer secret");
    assertThat(CompilerClient.tokenOf(Map.of("PORTCULLIS_ENDPOINT_TOKEN", " "))).isEmpty();
  }

  @Test
  void aCompilersReasonIsTold() {
    status = 404;
    body = "{\"error\":\"there is no pod shop/web; near: shop/web2\"}";
    assertThat(explain())
        .isEqualTo(
            new Ran(
                2,
                "",
                "portcullis: --url " + url() + ": there is no pod shop/web; near: shop/web2\n"));
    status = 401;
    body = "";
    assertThat(explain().err()).contains("requires another token");
  }

  @Test
  void whatIsNoCompilerIsToldSo() {
    type = "text/html";
    body = "<html>";
    assertThat(explain().code()).isEqualTo(2);
    assertThat(explain().err()).contains("no verdict, is it a compiler's main port?");
    for (var other : List.of("null", "{}", "[]", VERDICT.replace("denied", "perhaps"))) {
      body = other;
      assertThat(explain("--output", "json").err()).as(other).contains("no verdict");
    }
    status = 500;
    assertThat(explain().err()).contains("the answer has status 500");
  }

  @Test
  void whereNobodyAnswersThatIsTold() {
    server.stop(0);
    assertThat(explain().err())
        .isEqualTo("portcullis: --url " + url() + ": no answer: cannot connect\n");
    assertThatThrownBy(
            () ->
                new CompilerClient(URI.create("file:///etc"), Optional.empty())
                    .explain("a/b", "c/d", "icmp"))
        .isInstanceOf(CommandException.class);
  }

  @Test
  void aQuestionThatIsNoneIsNotAsked() {
    assertThat(
            portcullis(
                    "explain", "--url", url(), "--from", "web", "--to", "fd00::5", "--port", "icmp")
                .code())
        .isEqualTo(2);
    assertThat(asked).isEmpty();
  }

  private Ran explain(String... more) {
    var arguments =
        new java.util.ArrayList<Object>(
            List.of(
                "explain",
                "--url",
                url(),
                "--from",
                "shop/web",
                "--to",
                "fd00::5",
                "--port",
                "tcp/80"));
    arguments.addAll(List.of(more));
    return portcullis(arguments.toArray());
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }
}
