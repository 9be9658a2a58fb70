package io.portcullis.agent.rest;

import io.portcullis.agent.AgentSettings;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Dumps tell tenants' policies: where a token is set, only its bearers get them. */
final class TokenFilter {
  private static final String SCHEME = "Bearer ";

  private final Optional<byte[]> token;

  TokenFilter(AgentSettings settings) {
    this.token = settings.token().map(text -> (SCHEME + text).getBytes(StandardCharsets.UTF_8));
  }

  @ServerRequestFilter
  Optional<Response> check(ContainerRequestContext request) {
    var given =
        Optional.ofNullable(request.getHeaderString(HttpHeaders.AUTHORIZATION))
            .orElse("")
            .getBytes(StandardCharsets.UTF_8);
    return token
        .filter(expected -> !MessageDigest.isEqual(expected, given))
        .map(_ -> Response.status(Response.Status.UNAUTHORIZED).build());
  }
}
