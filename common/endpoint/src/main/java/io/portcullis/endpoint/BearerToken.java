package io.portcullis.endpoint;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Rejects requests without {@code Authorization: Bearer <token>} (RFC 6750) if {@code
 * portcullis.endpoint.token} is set. Answers contain tenants' policies.
 */
@jakarta.ws.rs.ext.Provider
public final class BearerToken implements ContainerRequestFilter {
  private static final String SCHEME = "Bearer ";

  // looked up at each request, because a native image makes this object when it is built
  private final Provider<Optional<String>> token;

  /**
   * @param token The bearer token that requests to the main port must carry. Unless set, none is
   *     required.
   */
  @Inject
  public BearerToken(
      @ConfigProperty(name = "portcullis.endpoint.token") Provider<Optional<String>> token) {
    this.token = token;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    var wanted = token.get();
    if (wanted.isEmpty()) {
      return;
    }
    var secret = wanted.get().getBytes(StandardCharsets.UTF_8);
    var given = Optional.ofNullable(request.getHeaderString(HttpHeaders.AUTHORIZATION));
    var passes =
        given
            .filter(text -> text.startsWith(SCHEME))
            .map(text -> text.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8))
            .filter(bytes -> MessageDigest.isEqual(bytes, secret))
            .isPresent();
    if (!passes) {
      request.abortWith(
          Response.status(Response.Status.UNAUTHORIZED)
              .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
              .build());
    }
  }
}
