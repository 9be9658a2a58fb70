package io.portcullis.watcher.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import io.portcullis.json.Json;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A request as it came to the fake API server. */
public record FakeRequest(String method, String path, Map<String, String> query, String body) {

  static FakeRequest of(HttpExchange exchange) throws IOException {
    return new FakeRequest(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        query(exchange.getRequestURI().getRawQuery()),
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
  }

  /** Returns the body of a request that has one. */
  public JsonNode json() {
    return Json.read(body.getBytes(StandardCharsets.UTF_8), JsonNode.class);
  }

  boolean endsIn(String pathEnd) {
    var whole = path + (query.containsKey("continue") ? "?continue" : "");
    return path.endsWith(pathEnd) || whole.endsWith(pathEnd);
  }

  boolean isWatch() {
    return query.containsKey("watch");
  }

  private static Map<String, String> query(String raw) {
    var query = new HashMap<String, String>();
    for (var each : Optional.ofNullable(raw).map(text -> text.split("&")).orElse(new String[0])) {
      var is = each.indexOf('=');
      query.put(
          each.substring(0, is), URLDecoder.decode(each.substring(is + 1), StandardCharsets.UTF_8));
    }
    return query;
  }
}
