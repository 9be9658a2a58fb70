package io.portcullis.agent.rest;

import io.portcullis.agent.EnforcerAgent;
import io.portcullis.agent.counters.CountReader;
import io.portcullis.agent.counters.Counts;
import io.portcullis.agent.counters.DeniedFlow;
import io.portcullis.agent.counters.DeniedSample;
import io.portcullis.agent.kernel.KernelTables;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.json.Json;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.RuleSet;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /rules}, the version that the agent holds; {@code /rules/kernel}, what its kernel
 * holds; {@code /rules/drift}, how the kernel was found to differ; and {@code /rules/denied}, a
 * sample of denied packets. Where the first two have the same digest, the version is what is
 * enforced.
 */
@Path("/rules")
@Blocking
public final class RulesResource {
  private static final Logger LOG = LoggerFactory.getLogger(RulesResource.class);

  private final EnforcerAgent agent;
  private final KernelTables kernel;
  private final CountReader counts;
  private final DeniedSample denied;

  public RulesResource(
      EnforcerAgent agent, KernelTables kernel, CountReader counts, DeniedSample denied) {
    this.agent = agent;
    this.kernel = kernel;
    this.counts = counts;
    this.denied = denied;
  }

  /**
   * A sample of what was denied.
   *
   * @param perSecond how many packets are told at most, in each direction and family
   * @param trouble why none are told, if there is a reason
   * @param flows newest first
   */
  record DeniedFlows(
      String node, int perSecond, Optional<String> trouble, List<DeniedFlow> flows) {}

  /** Why there is no answer. */
  record Refusal(String error) {}

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Response held() {
    return enforced(held -> json(HeldView.of(agent.status(), held, counts(held.rules()))));
  }

  @GET
  @Produces(MediaType.TEXT_PLAIN)
  public Response heldAsText() {
    return enforced(
        held -> text(NftRenderer.replace(held.rules(), NftRenderer.TABLE, held.stamp())));
  }

  @GET
  @Path("kernel")
  @Produces(MediaType.APPLICATION_JSON)
  public Response inKernel() {
    try {
      return json(KernelView.of(agent.status().node(), kernel.live()));
    } catch (NftException e) {
      return unavailable(e.getMessage());
    }
  }

  @GET
  @Path("kernel")
  @Produces(MediaType.TEXT_PLAIN)
  public Response inKernelAsText() {
    try {
      return text(kernel.text().orElse("# there is no table inet " + NftRenderer.TABLE + "\n"));
    } catch (NftException e) {
      return unavailable(e.getMessage());
    }
  }

  @GET
  @Path("drift")
  @Produces(MediaType.APPLICATION_JSON)
  public Response drift() {
    return json(DriftsView.of(agent.status(), agent.drifts()));
  }

  @GET
  @Path("denied")
  @Produces(MediaType.APPLICATION_JSON)
  public Response denied() {
    return enforced(
        held ->
            json(
                new DeniedFlows(
                    agent.status().node(),
                    denied.perSecond(),
                    denied.trouble(),
                    denied.last(held.rules()))));
  }

  private Response enforced(Function<EnforcedVersion, Response> answer) {
    return agent
        .status()
        .enforced()
        .map(answer)
        .orElseGet(() -> unavailable("no version is in the kernel yet"));
  }

  /** Returns no counts where the kernel cannot be read: the rest of the answer is still of use. */
  private Counts counts(RuleSet rules) {
    try {
      return counts.read(rules);
    } catch (NftException e) {
      LOG.debug("no counters", e);
      return new Counts(Map.of(), new TreeMap<>(), List.of());
    }
  }

  private static Response json(Object value) {
    return Response.ok(Json.bytes(value), MediaType.APPLICATION_JSON_TYPE).build();
  }

  private static Response text(String value) {
    return Response.ok(value, MediaType.TEXT_PLAIN_TYPE).build();
  }

  private static Response unavailable(String reason) {
    return Response.status(Response.Status.SERVICE_UNAVAILABLE)
        .entity(Json.bytes(new Refusal(reason)))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .build();
  }
}
