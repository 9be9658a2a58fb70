package io.portcullis.watcher.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.Patience;
import io.portcullis.validation.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** fabric8's HTTP client against a server of ours. */
class Fabric8ApiServerTest {
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final String PODS = Kind.POD.path();

  @AutoClose private final FakeApiServer fake = new FakeApiServer();
  @AutoClose private final ApiServer server = fake.server();

  @Test
  void aDocumentIsReadAsItIs() throws Exception {
    fake.put(Kind.POD, "shop", "wéb", "{}");
    var pods = server.get(PODS + "?limit=5", Patience.LIMIT);
    assertThat(pods.path("items").path(0).path("metadata").path("name").asText()).isEqualTo("wéb");
    server.check("/readyz", Patience.LIMIT);
  }

  @Test
  void aRefusalHasTheServersWordsAndWhatAnOperatorCanDo() {
    fake.refuse(PODS, 403, "pods is forbidden");
    var refused = refused(() -> server.get(PODS + "?limit=5", Patience.LIMIT));
    assertThat(refused).hasMessageContaining("403 pods is forbidden");
    assertThat(refused.remedy()).hasValueSatisfying(text -> assertThat(text).contains("role"));
    assertThat(refused.isGone()).isFalse();
    fake.refuse(PODS, 410, "too old");
    assertThat(refused(() -> server.get(PODS + "?limit=5", Patience.LIMIT)).isGone()).isTrue();
    fake.refuse(PODS, 401, "who are you");
    assertThat(refused(() -> stream(PODS, Patience.LIMIT, new ArrayList<>())))
        .hasMessageContaining("401 who are you")
        .satisfies(e -> assertThat(e.remedy()).isPresent());
  }

  @Test
  void whatIsChangedArrivesWithItsTypeAndRefusalsAreTold() throws Exception {
    var content = fake.put(Kind.POD, "shop", "web", "{}");
    server.send("PATCH", "/x/status?force=true", "application/json", content, Patience.LIMIT);
    var request = fake.requests("/x/status").getFirst();
    assertThat(request.method()).isEqualTo("PATCH");
    assertThat(request.query()).containsEntry("force", "true");
    assertThat(request.json()).isEqualTo(content);
    fake.refuse("/y", 409, "is there");
    fake.refuse("/z", 404, "is not there");
    assertThat(
            refused(() -> server.send("POST", "/y", "application/json", content, Patience.LIMIT)))
        .satisfies(e -> assertThat(e.isConflict()).isTrue());
    assertThat(
            refused(() -> server.send("POST", "/z", "application/json", content, Patience.LIMIT)))
        .satisfies(e -> assertThat(e.isNotFound()).isTrue());
  }

  @Test
  void aServerThatDoesNotAnswerIsNotWaitedForAnyLonger() {
    fake.silent(true);
    assertThat(refused(() -> server.get("/apis", SHORT)).getMessage()).startsWith("/apis: ");
  }

  @Test
  void aStreamHasADocumentALineUntilTheServerEndsIt() throws Exception {
    fake.put(Kind.POD, "shop", "a", "{}");
    fake.put(Kind.POD, "shop", "b", "{\"long\": \"%s\"}".formatted("x".repeat(200_000)));
    var lines = new ArrayList<JsonNode>();
    var reading = read(lines);
    Patience.await().until(() -> count(lines) == 2);
    fake.put(Kind.POD, "shop", "c", "{}");
    Patience.await().until(() -> count(lines) == 3);
    fake.endWatches(Kind.POD);
    reading.join();
    assertThat(lines)
        .extracting(line -> line.path("object").path("metadata").path("name").asText())
        .containsExactly("a", "b", "c");
  }

  @Test
  void aStreamThatBreaksOffOrNeverEndsFails() throws Exception {
    fake.put(Kind.POD, "shop", "a", "{}");
    var lines = new ArrayList<JsonNode>();
    var breaking =
        Thread.ofVirtual()
            .start(
                () -> {
                  Patience.await().until(() -> count(lines) == 1);
                  fake.breakWatches(Kind.POD);
                });
    refused(() -> stream(PODS, Patience.LIMIT, lines));
    breaking.join();
    assertThat(refused(() -> stream(PODS, SHORT, new ArrayList<>()))).hasMessageContaining(PODS);
  }

  private Thread read(List<JsonNode> lines) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                stream(PODS, Patience.LIMIT, lines);
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private void stream(String path, Duration atMost, List<JsonNode> lines)
      throws IOException, InterruptedException {
    server.stream(
        path + "?watch=1&resourceVersion=0",
        atMost,
        new ApiServer.Lines() {
          @Override
          public void begun() {}

          @Override
          public void next(JsonNode document) {
            synchronized (lines) {
              lines.add(document);
            }
          }
        });
  }

  private static int count(List<JsonNode> lines) {
    synchronized (lines) {
      return lines.size();
    }
  }

  private static ApiException refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(ApiException.class, call);
  }
}
