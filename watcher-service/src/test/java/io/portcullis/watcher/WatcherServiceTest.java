package io.portcullis.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portcullis.Patience;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service as an operator meets it: settings in; problems, health and metrics out. */
@QuarkusTest
@WithTestResource(RunningWatcher.class)
class WatcherServiceTest {
  @TestHTTPResource("problems")
  URI problems;

  @TestHTTPResource(value = "health", management = true)
  URI health;

  @TestHTTPResource(value = "metrics", management = true)
  URI metrics;

  @Inject WatcherSettings settings;
  @Inject WatcherLoop loop;

  @BeforeEach
  void awaitPublished() {
    Patience.await("the first publication")
        .until(() -> loop.state().whole() && loop.state().owner());
  }

  @Test
  void settingsAreRead() {
    assertThat(settings.source()).isEqualTo(WatcherSettings.Kind.MANIFESTS);
    assertThat(settings.manifests()).isPresent();
    assertThat(settings.topicReplication()).contains((short) 1);
    assertThat(settings.forgetKinds()).contains(List.of("ClusterNetworkPolicy"));
  }

  @Test
  void problemsAreListedWithFileObjectFieldAndReason() throws Exception {
    var answer = get(problems);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("application/json;charset=UTF-8");
    var only = json(answer).path(0);
    assertThat(only.path("file").asText()).isEqualTo("shop.yaml");
    assertThat(only.path("object").asText()).isEqualTo("NetworkPolicy/shop/deny");
    assertThat(only.path("field").asText()).isEqualTo("spec.podSelector.matchLabels");
    assertThat(only.path("reason").asText()).startsWith("Invalid value: \"-\"");
    assertThat(only.path("severity").asText()).isEqualTo("ERROR");
  }

  @Test
  void theLoopIsAlive() throws Exception {
    var check = json(get(URI.create(health + "/live"))).path("checks").path(0);
    assertThat(check.path("name").asText()).isEqualTo("loop");
    assertThat(check.path("status").asText()).isEqualTo("UP");
    assertThat(check.path("data").has("sinceTurnedMillis")).isTrue();
  }

  @Test
  void theSourceIsReadyAndItsProblemsAreNumbered() throws Exception {
    var check = json(get(URI.create(health + "/ready"))).path("checks").path(0);
    assertThat(check.path("name").asText()).isEqualTo("source");
    assertThat(check.path("status").asText()).isEqualTo("UP");
    assertThat(check.path("data").path("owner").asBoolean()).isTrue();
    assertThat(check.path("data").path("problems").asInt()).isEqualTo(1);
    assertThat(check.path("data").path("warnings").asInt(-1)).isZero();
    assertThat(check.path("data").path("problem.1").asText())
        .startsWith("shop.yaml: NetworkPolicy/shop/deny: spec.podSelector.matchLabels: ");
  }

  @Test
  void nothingIsDegradedWhileEachKindCanBeRead() throws Exception {
    var check = json(get(URI.create(health + "/well"))).path("checks").path(0);
    assertThat(check.path("name").asText()).isEqualTo("degraded");
    assertThat(check.path("status").asText()).isEqualTo("UP");
  }

  @Test
  void metricsTellOwnershipLossAndProblems() throws Exception {
    assertThat(get(metrics).body())
        .contains("portcullis_watcher_problems{severity=\"error\"} 1.0")
        .contains("portcullis_watcher_problems{severity=\"warning\"} 0.0")
        .contains("portcullis_watcher_owner 1.0")
        .contains("portcullis_watcher_source_lost 0.0")
        .contains("portcullis_watcher_kafka_lost 0.0")
        .contains("portcullis_watcher_overloaded 0.0")
        .contains(
            "portcullis_watcher_kind_frozen{kind=\"ClusterNetworkPolicy\",state=\"unserved\"} 0.0");
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return new ObjectMapper().readTree(answer.body());
  }

  private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }
}
