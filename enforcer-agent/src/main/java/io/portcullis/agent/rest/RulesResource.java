package io.portcullis.agent.rest;

import io.portcullis.agent.EnforcerAgent;
import io.portcullis.agent.counters.CountReader;
import io.portcullis.agent.counters.Counts;
import io.portcullis.agent.counters.DeniedFlow;
import io.portcullis.agent.counters.DeniedSample;
import io.portcullis.agent.drift.Difference;
import io.portcullis.agent.drift.Drift;
import io.portcullis.agent.kernel.KernelTables;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.cluster.Direction;
import io.portcullis.json.Json;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftDump.Unexpected;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.Digest;
import io.portcullis.ruleset.RuleSet;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /rules}: the version that the agent holds, {@code /rules/kernel}: what its kernel holds,
 * and {@code /rules/drift}: how the kernel was found to differ. Where the first two have the same
 * digest, the version is what is enforced.
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
    this.denied = denied;
    this.counts = counts;
    this.agent = agent;
    this.kernel = kernel;
  }

  /**
   * What the agent holds.
   *
   * @param hits of policies' rules, over changes of chains and restarts
   * @param denied packets of each local address
   */
  record Held(
      String node,
      long version,
      String digest,
      String topicId,
      long committedMicros,
      Optional<Long> compiledMicros,
      String topic,
      Optional<String> error,
      List<HitsView> hits,
      List<DeniedView> denied,
      List<RecordView> records) {}

  /** How often rules of policies decided about a new connection. */
  record HitsView(
      Direction direction, String verdict, List<String> causes, long packets, long bytes) {}

  /** What policies denied to a local address, or from it. */
  record DeniedView(IpAddress ip, String pod, Direction direction, long packets, long bytes) {}

  /**
   * What the kernel holds.
   *
   * @param table whether our table is there
   * @param stamp whose version it says that it is
   * @param aliens what is in it and is none of ours, changed or missing
   */
  record InKernel(
      String node,
      boolean table,
      String digest,
      Optional<Stamp> stamp,
      List<Unexpected> aliens,
      List<RecordView> records) {}

  /**
   * What others did to the kernel's table.
   *
   * @param count since the agent started
   * @param trouble why it is not as it should be now, or may not stay so
   * @param drifts the last ones, newest first
   */
  record Drifts(String node, long count, Optional<String> trouble, List<DriftView> drifts) {}

  /**
   * One of them.
   *
   * @param detectedMicros microseconds since 1970
   * @param repairMillis from when it was seen until the table held the version again, if it does
   */
  record DriftView(
      long version, long detectedMicros, Optional<Long> repairMillis, Difference difference) {
    static DriftView of(Drift drift) {
      return new DriftView(
          drift.version(),
          drift.detectedMicros(),
          drift.took().map(Duration::toMillis),
          drift.difference());
    }
  }

  /**
   * A sample of what was denied.
   *
   * @param perSecond how many are told at most, in each direction and family
   * @param trouble why none are
   * @param flows newest first
   */
  record LastDenied(String node, int perSecond, Optional<String> trouble, List<DeniedFlow> flows) {}

  /** Why there is no answer. */
  record Refusal(String error) {}

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Response held() {
    return enforced(
        held -> {
          var counted = counts(held.rules());
          return json(
              new Held(
                  agent.status().node(),
                  held.stamp().version(),
                  held.stamp().digest(),
                  held.stamp().topicId(),
                  held.times().committed(),
                  held.marker().map(marker -> marker.compiledMicros()),
                  agent.status().topic().toString(),
                  agent.status().error(),
                  hits(counted),
                  denied(counted),
                  RecordView.of(held.rules(), counted.chains())));
        });
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
      var dump = kernel.live();
      var rules = dump.map(NftDump::rules).orElse(RuleSet.EMPTY);
      return json(
          new InKernel(
              agent.status().node(),
              dump.isPresent(),
              dump.map(NftDump::digest).orElse(Digest.EMPTY).hex(),
              dump.flatMap(NftDump::stamp),
              dump.map(NftDump::unexpected).orElse(List.of()),
              RecordView.of(rules, dump.map(d -> d.counters()).orElseGet(TreeMap::new))));
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
    var log = agent.drifts();
    return json(
        new Drifts(
            agent.status().node(),
            log.count(),
            agent.status().drift(),
            log.last().reversed().stream().map(DriftView::of).toList()));
  }

  @GET
  @Path("denied")
  @Produces(MediaType.APPLICATION_JSON)
  public Response denied() {
    return enforced(
        held ->
            json(
                new LastDenied(
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

  /** None where the kernel cannot be read: they are no reason to tell nothing. */
  private Counts counts(RuleSet rules) {
    try {
      return counts.read(rules);
    } catch (NftException e) {
      LOG.debug("no counters", e);
      return new Counts(Map.of(), new TreeMap<>(), List.of());
    }
  }

  private static List<HitsView> hits(Counts counts) {
    return counts.hits().entrySet().stream()
        .map(
            hit ->
                new HitsView(
                    hit.getKey().direction(),
                    hit.getKey().verdict(),
                    hit.getKey().causes(),
                    hit.getValue().packets(),
                    hit.getValue().bytes()))
        .toList();
  }

  private static List<DeniedView> denied(Counts counts) {
    return counts.denied().stream()
        .map(
            denied ->
                new DeniedView(
                    denied.ip(),
                    denied.pod(),
                    denied.direction(),
                    denied.counter().packets(),
                    denied.counter().bytes()))
        .toList();
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
