package io.portcullis.compiler.rest;

import io.portcullis.json.Json;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Builds the answers of all endpoints. */
final class Replies {
  private Replies() {}

  /** The body of an answer that says why there is none. */
  record Refusal(String error) {}

  static Response json(Object value) {
    return Response.ok(Json.bytes(value), MediaType.APPLICATION_JSON_TYPE).build();
  }

  static Response text(Response.Status status, String text) {
    return Response.status(status).entity(text + "\n").type(MediaType.TEXT_PLAIN_TYPE).build();
  }

  static Response refusal(Response.Status status, String reason) {
    return Response.status(status)
        .entity(Json.bytes(new Refusal(reason)))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .build();
  }
}
