package io.portcullis.cli;

import io.portcullis.json.Json;
import io.portcullis.policy.explain.Explanation;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Asks a running compiler for verdicts. */
final class CompilerClient {
  /** The variable that holds the endpoint's token, the same that the services read. */
  static final String TOKEN = "PORTCULLIS_ENDPOINT_TOKEN";

  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final Duration ANSWERING = Duration.ofSeconds(30);
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain";
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;

  private final URI compiler;
  private final Optional<String> token;

  /**
   * @param compiler its main port, such as {@code http://127.0.0.1:8080}
   */
  CompilerClient(URI compiler, Optional<String> token) {
    this.compiler = compiler;
    this.token = token;
  }

  static Optional<String> tokenOf(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(TOKEN)).filter(token -> !token.isBlank());
  }

  /** The body of an answer that is an error. */
  private record Refusal(Optional<String> error) {}

  /**
   * Returns the compiler's verdict on the first pair of addresses.
   *
   * @throws CommandException when the compiler gives none
   */
  Explanation explain(String from, String to, String port) throws CommandException {
    return verdict(answer(query(from, to, port), JSON).body());
  }

  /**
   * Returns the compiler's verdicts as it writes them for people: each pair of addresses if they
   * differ.
   *
   * @throws CommandException when the compiler gives none
   */
  String explainInText(String from, String to, String port) throws CommandException {
    var response = answer(query(from, to, port), TEXT);
    var type = response.headers().firstValue("Content-Type").orElse("");
    if (!type.startsWith(TEXT)) {
      throw noVerdict();
    }
    return new String(response.body(), StandardCharsets.UTF_8).stripTrailing();
  }

  private static String query(String from, String to, String port) {
    return "/explain?from=" + encoded(from) + "&to=" + encoded(to) + "&port=" + encoded(port);
  }

  /**
   * Returns an answer that is no refusal; refusals are asked for in JSON, which tells them from a
   * stranger's.
   */
  private HttpResponse<byte[]> answer(String query, String accept) throws CommandException {
    var response = send(query, accept);
    if (response.statusCode() == OK) {
      return response;
    }
    if (response.statusCode() == UNAUTHORIZED) {
      throw failure("requires another token than " + TOKEN + " has");
    }
    throw failure(refusal(accept.equals(JSON) ? response : send(query, JSON)));
  }

  private HttpResponse<byte[]> send(String query, String accept) throws CommandException {
    try (var client = HttpClient.newBuilder().connectTimeout(CONNECTING).build()) {
      return client.send(request(query, accept), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new CommandException("--url " + compiler + ": no answer: " + reason(e), e);
    } catch (IllegalArgumentException e) {
      throw new CommandException("--url " + compiler + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
  }

  private HttpRequest request(String query, String accept) {
    var base = compiler.toString();
    var uri =
        URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + query);
    var request = HttpRequest.newBuilder(uri).timeout(ANSWERING).header("Accept", accept);
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return request.build();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Explanation verdict(byte[] body) throws CommandException {
    try {
      return Optional.ofNullable(Json.read(body, Explanation.class)).orElseThrow(this::noVerdict);
    } catch (IllegalArgumentException _) {
      throw noVerdict();
    }
  }

  private CommandException noVerdict() {
    return failure("the answer is no verdict, is it a compiler's main port?");
  }

  private String refusal(HttpResponse<byte[]> response) {
    try {
      return Optional.ofNullable(Json.read(response.body(), Refusal.class))
          .flatMap(Refusal::error)
          .orElse(status(response));
    } catch (IllegalArgumentException _) {
      return status(response); // the answer is not from a compiler
    }
  }

  private static String status(HttpResponse<byte[]> response) {
    return "the answer has status " + response.statusCode() + ", is it a compiler's main port?";
  }

  private CommandException failure(String what) {
    return new CommandException("--url " + compiler + ": " + what);
  }

  private static String reason(IOException e) {
    return switch (e) {
      case ConnectException _ -> "cannot connect";
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
