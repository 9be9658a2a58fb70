package io.portcullis.watcher.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.portcullis.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

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

  /**
   * Returns a page of a list. A token names the version of its list, and how many objects came
   * before.
   *
   * @param version of the server now
   */
  static ObjectNode page(List<ObjectNode> all, FakeRequest request, long version) {
    var token = request.query().getOrDefault("continue", version + "@0").split("@", -1);
    var from = Integer.parseInt(token[1]);
    var to = Math.min(all.size(), from + Integer.parseInt(request.query().get("limit")));
    var list = Json.mapper().createObjectNode();
    var metadata = list.putObject("metadata").put("resourceVersion", token[0]);
    if (to < all.size()) {
      metadata.put("continue", token[0] + "@" + to);
    }
    list.putArray("items").addAll(all.subList(Math.min(from, to), to));
    return list;
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
