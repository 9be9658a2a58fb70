package io.portcullis.watcher.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.portcullis.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes the answers of the fake API server. */
final class FakeReply {
  private FakeReply() {}

  /** A request that is refused, as a {@code Status} object says it. */
  record Refusal(int code, String message) {
    void answer(HttpExchange exchange) throws IOException {
      json(exchange, code, status());
    }

    ObjectNode status() {
      return Json.mapper()
          .createObjectNode()
          .put("apiVersion", "v1")
          .put("kind", "Status")
          .put("status", "Failure")
          .put("code", code)
          .put("message", message);
    }
  }

  /** Returns one event of a watch. */
  static String event(String type, ObjectNode object) {
    var line = Json.mapper().createObjectNode().put("type", type);
    line.set("object", object);
    return line.toString();
  }

  static void json(HttpExchange exchange, int status, ObjectNode content) throws IOException {
    text(exchange, status, content.toString());
  }

  static void text(HttpExchange exchange, int status, String content) throws IOException {
    var bytes = content.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
