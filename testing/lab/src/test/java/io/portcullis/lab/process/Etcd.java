package io.portcullis.lab.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The etcd of a lab's API server. */
final class Etcd {
  private final String address;

  /**
   * Creates a client.
   *
   * @param server the URL of the API server, whose address etcd shares
   */
  Etcd(URI server) {
    this.address = server.getHost();
  }

  /** Compacts etcd, as the API server does every five minutes. */
  void compact() throws Exception {
    var key = Base64.getEncoder().encodeToString("/".getBytes(StandardCharsets.UTF_8));
    var revision =
        call("range", "{\"key\":\"" + key + "\"}").path("header").path("revision").asText();
    call("compaction", "{\"revision\":\"" + revision + "\",\"physical\":true}");
  }

  private JsonNode call(String call, String body) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://%s:2379/v3/kv/%s".formatted(address, call)))
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      var answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      assertThat(answer.statusCode())
          .as(new String(answer.body(), StandardCharsets.UTF_8))
          .isEqualTo(200);
      return Json.mapper().readTree(answer.body());
    }
  }
}
