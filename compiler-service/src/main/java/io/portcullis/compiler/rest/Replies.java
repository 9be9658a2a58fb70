package io.portcullis.compiler.rest;

import io.portcullis.json.Json;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The forms that all answers have. */
final class Replies {
  private Replies() {}

  /** Why there is no answer. */
  record Refusal(String error) {}

  static Response json(Object value) {
    return Response.ok(Json.bytes(value), MediaType.APPLICATION_JSON_TYPE).build();
  }

  static Response refusal(Response.Status status, String reason) {
    return Response.status(status)
        .entity(Json.bytes(new Refusal(reason)))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .build();
  }
}
