package io.portcullis.compiler.rest;

import io.portcullis.compiler.CompilerLoop;
import io.portcullis.policy.explain.Answer;
import io.portcullis.policy.explain.ExplanationText;
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

  /** The form of a reply. */
  private enum Form {
    /** For programs: the verdict on the first pair of addresses. */
    JSON,
    /** For people, as the command {@code explain} prints it. */
    TEXT;

    Response verdict(String asked, Answer.Explained explained) {
      return switch (this) {
        case JSON -> Replies.json(explained.inShort());
        case TEXT -> Replies.text(Response.Status.OK, ExplanationText.of(asked, explained));
      };
    }

    Response refusal(Response.Status status, String reason) {
      return switch (this) {
        case JSON -> Replies.refusal(status, reason);
        case TEXT -> Replies.text(status, reason);
      };
    }
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Response explain(
      @RestQuery Optional<String> from,
      @RestQuery Optional<String> to,
      @RestQuery Optional<String> port) {
    return answer(from, to, port, Form.JSON);
  }

  @GET
  @Produces(MediaType.TEXT_PLAIN)
  public Response text(
      @RestQuery Optional<String> from,
      @RestQuery Optional<String> to,
      @RestQuery Optional<String> port) {
    return answer(from, to, port, Form.TEXT);
  }

  private Response answer(
      Optional<String> from, Optional<String> to, Optional<String> port, Form form) {
    if (from.isEmpty() || to.isEmpty() || port.isEmpty()) {
      return form.refusal(Response.Status.BAD_REQUEST, "from, to and port must be given");
    }
    final Question question;
    try {
      question = Question.parse(from.get(), to.get(), port.get());
    } catch (IllegalArgumentException e) {
      return form.refusal(Response.Status.BAD_REQUEST, e.getMessage());
    }
    var asked = from.get() + " to " + to.get() + ", " + port.get();
    return loop.explainer()
        .map(explainer -> reply(asked, explainer.answer(question), form))
        .orElseGet(
            () ->
                form.refusal(
                    Response.Status.SERVICE_UNAVAILABLE,
                    "the cluster was not read to its end yet"));
  }

  private static Response reply(String asked, Answer answer, Form form) {
    return switch (answer) {
      case Answer.Explained explained -> form.verdict(asked, explained);
      case Answer.NoSuchPod(var reason) -> form.refusal(Response.Status.NOT_FOUND, reason);
      case Answer.NoFlow(var reason) -> form.refusal(Response.Status.BAD_REQUEST, reason);
    };
  }
}
