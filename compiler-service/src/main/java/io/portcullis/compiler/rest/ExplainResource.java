package io.portcullis.compiler.rest;

import io.portcullis.compiler.CompilerLoop;
import io.portcullis.policy.explain.Answer;
import io.portcullis.policy.explain.Question;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestQuery;

/** The endpoint {@code /explain}: the verdict on a flow, with the policies and rules behind it. */
@Path("/explain")
@Blocking
public final class ExplainResource {
  private final CompilerLoop loop;

  public ExplainResource(CompilerLoop loop) {
    this.loop = loop;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Response explain(
      @RestQuery Optional<String> from,
      @RestQuery Optional<String> to,
      @RestQuery Optional<String> port) {
    if (from.isEmpty() || to.isEmpty() || port.isEmpty()) {
      return Replies.refusal(Response.Status.BAD_REQUEST, "from, to and port must be given");
    }
    return parsed(from.get(), to.get(), port.get());
  }

  private Response parsed(String from, String to, String port) {
    final Question question;
    try {
      question = Question.parse(from, to, port);
    } catch (IllegalArgumentException e) {
      return Replies.refusal(Response.Status.BAD_REQUEST, e.getMessage());
    }
    return loop.explainer()
        .map(explainer -> reply(explainer.answer(question)))
        .orElseGet(
            () ->
                Replies.refusal(
                    Response.Status.SERVICE_UNAVAILABLE,
                    "the cluster was not read to its end yet"));
  }

  private static Response reply(Answer answer) {
    return switch (answer) {
      case Answer.Explained explained -> Replies.json(explained.inShort());
      case Answer.NoSuchPod(var reason) -> Replies.refusal(Response.Status.NOT_FOUND, reason);
      case Answer.NoFlow(var reason) -> Replies.refusal(Response.Status.BAD_REQUEST, reason);
    };
  }
}
