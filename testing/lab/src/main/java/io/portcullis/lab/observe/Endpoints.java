package io.portcullis.lab.observe;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.json.Json;
import io.portcullis.ruleset.Marker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** Queries the services' endpoints, those of all nodes at once. */
public final class Endpoints implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  /**
   * Returns the versions that the nodes hold.
   *
   * @param managementUrls the management URLs of the agents, by node
   */
  public SortedMap<String, NodeView> nodes(SortedMap<String, String> managementUrls) {
    return each(
        managementUrls,
        url ->
            get(url + "/q/health/ready").thenApply(Endpoints::view).exceptionally(Endpoints::why));
  }

  /**
   * Returns the digests of what the kernels hold; empty for nodes that do not answer.
   *
   * @param urls the URLs of the agents, by node
   */
  public SortedMap<String, Optional<String>> kernels(SortedMap<String, String> urls) {
    return each(
        urls,
        url ->
            get(url + "/rules/kernel")
                .thenApply(
                    answer -> Optional.of(answer.path("digest").asText()).filter(d -> !d.isEmpty()))
                .exceptionally(_ -> Optional.empty()));
  }

  /**
   * Returns the newest drifts; empty for nodes that had none or do not answer.
   *
   * @param urls the URLs of the agents, by node
   */
  public SortedMap<String, Optional<DriftSeen>> drifts(SortedMap<String, String> urls) {
    return each(
        urls,
        url ->
            get(url + "/rules/drift")
                .thenApply(Endpoints::newest)
                .exceptionally(_ -> Optional.empty()));
  }

  private static Optional<DriftSeen> newest(JsonNode answer) {
    var newest = answer.path("drifts").path(0);
    return newest.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new DriftSeen(
                answer.path("count").asLong(),
                newest.path("detectedMicros").asLong(),
                Optional.ofNullable(newest.get("repairMillis")).map(JsonNode::asLong)));
  }

  /**
   * Returns the marker of a node's version.
   *
   * @param compilerUrl the URL of any compiler
   * @param node the node
   * @param version the version's number
   * @return empty if the compiler does not know the version, or does not answer
   */
  public Optional<Marker> marker(String compilerUrl, String node, long version) {
    return get(compilerUrl + "/rulesets/" + node + "?version=" + version)
        .thenApply(
            answer ->
                answer.has("marker")
                    ? Optional.of(Json.read(Json.bytes(answer.path("marker")), Marker.class))
                    : Optional.<Marker>empty())
        .exceptionally(_ -> Optional.empty())
        .join();
  }

  private CompletableFuture<JsonNode> get(String url) {
    var request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
        .thenApply(
            response -> {
              try {
                return Json.mapper().readTree(response.body());
              } catch (IOException e) {
                throw new CompletionException(url + " does not answer in JSON", e);
              }
            });
  }

  private static NodeView view(JsonNode health) {
    for (var check : health.path("checks")) {
      var data = check.path("data");
      if (data.has("version")) {
        return new NodeView(
            Optional.of(
                new NodeView.Held(
                    data.path("version").asLong(),
                    data.path("digest").asText(),
                    micros(data.path("committed").asText()))),
            Optional.ofNullable(data.get("error")).map(JsonNode::asText));
      }
      if (data.has("topic")) {
        return NodeView.silent("no version yet, its topic is " + data.path("topic").asText());
      }
    }
    return NodeView.silent("its agent is starting");
  }

  private static NodeView why(Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return NodeView.silent("its agent does not answer: " + cause.getClass().getSimpleName());
  }

  private static long micros(String time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
  }

  private static <T> SortedMap<String, T> each(
      SortedMap<String, String> urls, Function<String, CompletableFuture<T>> question) {
    var asked = new TreeMap<String, CompletableFuture<T>>();
    urls.forEach((node, url) -> asked.put(node, question.apply(url)));
    return answers(asked);
  }

  private static <T> SortedMap<String, T> answers(SortedMap<String, CompletableFuture<T>> asked) {
    var answers = new TreeMap<String, T>();
    asked.forEach((node, answer) -> answers.put(node, answer.join()));
    return answers;
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
