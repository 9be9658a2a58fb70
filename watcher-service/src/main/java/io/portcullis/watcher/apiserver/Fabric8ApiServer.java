package io.portcullis.watcher.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.portcullis.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks an API server through fabric8's client, which knows kubeconfigs, service accounts and their
 * tokens. The client's typed objects are not used: what a policy needs is read from the JSON.
 */
public final class Fabric8ApiServer implements ApiServer {
  private static final int LONGEST_REASON = 500;
  private static final Duration TO_BEGIN = Duration.ofSeconds(10);

  private final KubernetesClient client;

  /** Takes the client over and closes it at its own end. */
  public Fabric8ApiServer(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public String name() {
    return client.getMasterUrl().toString();
  }

  private HttpRequest.Builder request(String path) {
    var address = client.getMasterUrl().toString();
    return client
        .getHttpClient()
        .newHttpRequestBuilder()
        .uri(address.substring(0, address.length() - (address.endsWith("/") ? 1 : 0)) + path)
        .header("Accept", "application/json");
  }

  @Override
  public JsonNode get(String path, Duration atMost) throws ApiException, InterruptedException {
    return json(path, body(path, atMost));
  }

  @Override
  public void check(String path, Duration atMost) throws ApiException, InterruptedException {
    body(path, atMost);
  }

  @Override
  public void send(String method, String path, String type, JsonNode content, Duration atMost)
      throws ApiException, InterruptedException {
    answer(path, request(path).method(method, type, content.toString()), atMost);
  }

  private byte[] body(String path, Duration atMost) throws ApiException, InterruptedException {
    return answer(path, request(path), atMost);
  }

  private byte[] answer(String path, HttpRequest.Builder asked, Duration atMost)
      throws ApiException, InterruptedException {
    var request = asked.timeout(atMost.toMillis(), TimeUnit.MILLISECONDS).build();
    var response = await(client.getHttpClient().sendAsync(request, byte[].class), path, atMost);
    if (!response.isSuccessful()) {
      throw refused(path, response.code(), response.body());
    }
    return response.body();
  }

  private static JsonNode json(String path, byte[] body) throws ApiException {
    try {
      return Json.mapper().readTree(body);
    } catch (IOException e) {
      throw new ApiException(path + ": the answer is not JSON: " + e.getMessage(), e);
    }
  }

  /** Reads why the server refused, from its {@code Status} if it sends one. */
  private static ApiException refused(String path, int code, byte[] body) {
    var text = new String(body == null ? new byte[0] : body, StandardCharsets.UTF_8).strip();
    var reason = text;
    try {
      reason = Json.mapper().readTree(text).path("message").asText(text);
    } catch (IOException _) {
      // a proxy's page is passed on as it is
    }
    return new ApiException(
        code,
        "%s: %d %s"
            .formatted(path, code, reason.substring(0, Math.min(reason.length(), LONGEST_REASON))));
  }

  private static <T> T await(CompletableFuture<T> answer, String path, Duration atMost)
      throws ApiException, InterruptedException {
    try {
      return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new ApiException(path + ": " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new ApiException(path + ": no answer in " + atMost, e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    }
  }

  @Override
  public void stream(String path, Duration atMost, Lines lines)
      throws ApiException, InterruptedException {
    var chunks = new LinkedBlockingQueue<Chunk>();
    var request = request(path).forStreaming().build();
    var response =
        await(
            client
                .getHttpClient()
                .consumeBytes(request, (bytes, _) -> chunks.add(new Chunk.Bytes(bytes))),
            path,
            TO_BEGIN);
    var body = response.body();
    body.done()
        .whenComplete(
            (_, failure) -> chunks.add(failure == null ? Chunk.END : new Chunk.Broken(failure)));
    try {
      body.consume();
      if (!response.isSuccessful()) {
        throw refused(path, response.code(), all(chunks));
      }
      lines.begun();
      read(path, System.nanoTime() + atMost.toNanos(), chunks, body, lines);
    } finally {
      body.cancel();
    }
  }

  /** A part of a stream. The next one comes only when this one was taken in. */
  private sealed interface Chunk {
    Chunk END = new Ended();

    record Bytes(List<ByteBuffer> buffers) implements Chunk {}

    record Broken(Throwable why) implements Chunk {}

    record Ended() implements Chunk {}
  }

  private static byte[] all(BlockingQueue<Chunk> chunks) throws InterruptedException {
    var first = chunks.poll(TO_BEGIN.toMillis(), TimeUnit.MILLISECONDS);
    var out = new ByteArrayOutputStream();
    if (first instanceof Chunk.Bytes(var buffers)) {
      buffers.forEach(buffer -> append(buffer, out));
    }
    return out.toByteArray();
  }

  private static void append(ByteBuffer buffer, ByteArrayOutputStream out) {
    var bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    out.writeBytes(bytes);
  }

  private static void read(
      String path, long endNanos, BlockingQueue<Chunk> chunks, AsyncBody body, Lines lines)
      throws ApiException, InterruptedException {
    var line = new ByteArrayOutputStream();
    while (true) {
      switch (chunks.poll(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        case null -> throw new ApiException(path + ": the stream did not end in time", null);
        case Chunk.Ended() -> {
          return;
        }
        case Chunk.Broken(var why) -> throw new ApiException(path + ": " + why.getMessage(), why);
        case Chunk.Bytes(var buffers) -> {
          for (var buffer : buffers) {
            split(path, buffer, line, lines);
          }
          body.consume();
        }
      }
    }
  }

  private static void split(String path, ByteBuffer buffer, ByteArrayOutputStream line, Lines lines)
      throws ApiException, InterruptedException {
    while (buffer.hasRemaining()) {
      var next = buffer.get();
      if (next != '\n') {
        line.write(next);
        continue;
      }
      if (line.size() > 0) {
        var document = json(path, line.toByteArray());
        line.reset();
        pass(path, document, lines);
      }
    }
  }

  private static void pass(String path, JsonNode document, Lines lines)
      throws ApiException, InterruptedException {
    try {
      lines.next(document);
    } catch (ApiException e) {
      throw e;
    } catch (IOException e) {
      throw new ApiException(path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
