package io.portcullis.endpoint;

import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Asks for {@code Authorization: Bearer <token>} (RFC 6750) where {@code portcullis.endpoint.token}
 * is set: dumps tell tenants' policies.
 */
@Provider
public final class BearerToken implements ContainerRequestFilter {
  private static final String SCHEME = "Bearer ";

  private final Optional<byte[]> token;

  /**
   * @param token What whoever asks on the main port must show; unless set, nobody is asked for it.
   */
  @Inject
  public BearerToken(@ConfigProperty(name = "portcullis.endpoint.token") Optional<String> token) {
    this.token = token.map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void filter(ContainerRequestContext request) {
    if (token.isEmpty()) {
      return;
    }
    var given = Optional.ofNullable(request.getHeaderString(HttpHeaders.AUTHORIZATION));
    var passes =
        given
            .filter(text -> text.startsWith(SCHEME))
            .map(text -> text.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8))
            .filter(bytes -> MessageDigest.isEqual(bytes, token.get()))
            .isPresent();
    if (!passes) {
      request.abortWith(
          Response.status(Response.Status.UNAUTHORIZED)
              .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
              .build());
    }
  }
}
