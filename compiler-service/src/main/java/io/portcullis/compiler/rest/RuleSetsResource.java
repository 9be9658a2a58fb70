package io.portcullis.compiler.rest;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.portcullis.compiler.versions.Past;
import io.portcullis.compiler.versions.Version;
import io.portcullis.compiler.versions.VersionStore;
import io.portcullis.compiler.versions.Versioned;
import io.portcullis.history.NodePosition;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.SetId;
import io.portcullis.topic.KafkaErrors;
import io.portcullis.topic.Topics;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoint {@code /rulesets}: present and past versions of nodes and wide sets. */
@Path("/rulesets")
@Blocking
public final class RuleSetsResource {
  private static final Logger LOG = LoggerFactory.getLogger(RuleSetsResource.class);

  private final VersionStore versions;

  public RuleSetsResource(VersionStore versions) {
    this.versions = versions;
  }

  /** An item of the list of nodes. */
  record Item(String node, int shard, NodePosition position) {}

  /** A record in the form in which its topic holds it. */
  record Entry(String key, @JsonRawValue String value) {}

  /** A version of a wide set among the records, which the digest of a node leaves out. */
  record Wide(SetId set, long version, String digest) {}

  /** One version of a node or wide set. */
  record Dump(
      String node,
      long version,
      String digest,
      Marker marker,
      List<Wide> wide,
      List<Entry> records) {
    static Dump of(String node, Version version) {
      return new Dump(
          node,
          version.marker().number(),
          version.marker().digest(),
          version.marker(),
          version.wide().entrySet().stream()
              .map(set -> new Wide(set.getKey(), set.getValue().number(), set.getValue().digest()))
              .toList(),
          version.rules().records().values().stream()
              .map(
                  item ->
                      new Entry(
                          item.key(), new String(NodeRecords.bytes(item), StandardCharsets.UTF_8)))
              .toList());
    }
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Response list() {
    return answer(
        () ->
            Replies.json(
                versions.positions().entrySet().stream()
                    .map(
                        node ->
                            new Item(node.getKey(), Topics.shardOf(node.getKey()), node.getValue()))
                    .toList()));
  }

  @GET
  @Path("{node}")
  @Produces(MediaType.APPLICATION_JSON)
  public Response json(@RestPath String node, @RestQuery Optional<Long> version) {
    return answer(() -> one(node, version, found -> Replies.json(Dump.of(node, found))));
  }

  @GET
  @Path("{node}")
  @Produces(MediaType.TEXT_PLAIN)
  public Response nft(@RestPath String node, @RestQuery Optional<Long> version) {
    return answer(
        () ->
            one(
                node,
                version,
                found ->
                    Response.ok(
                            "# node %s, version %d, digest %s\n"
                                    .formatted(
                                        node, found.marker().number(), found.marker().digest())
                                + NftRenderer.replace(found.rules(), NftRenderer.TABLE),
                            MediaType.TEXT_PLAIN_TYPE)
                        .build()));
  }

  private Response one(String node, Optional<Long> number, Function<Version, Response> found) {
    var unit = unit(node);
    if (unit.isEmpty()) {
      return Replies.refusal(
          Response.Status.NOT_FOUND, "neither the name of a node nor the id of a set: " + node);
    }
    if (number.isEmpty()) {
      return versions
          .present(unit.get())
          .map(found)
          .orElseGet(
              () ->
                  Replies.refusal(
                      Response.Status.NOT_FOUND, unit.get().name() + " has no version"));
    }
    return switch (versions.past(unit.get(), number.get())) {
      case Past.Found(var version) -> found.apply(version);
      case Past.Unknown(var reason) -> Replies.refusal(Response.Status.NOT_FOUND, reason);
      case Past.Gone(var reason) -> Replies.refusal(Response.Status.GONE, reason);
    };
  }

  private static Optional<Versioned> unit(String name) {
    if (name.matches("[a-z0-9]([-.a-z0-9]*[a-z0-9])?")) {
      return Optional.of(new Versioned.OfNode(name));
    }
    try {
      return Optional.of(new Versioned.OfSet(SetId.parse(name)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Response answer(Supplier<Response> question) {
    try {
      return question.get();
    } catch (KafkaException e) {
      var reason = KafkaErrors.reason(e, "Read", Set.of(Topics.HISTORY));
      return Replies.refusal(Response.Status.SERVICE_UNAVAILABLE, "Kafka: " + reason);
    } catch (IllegalStateException e) { // history or the topics contradict themselves
      LOG.error("a version cannot be rebuilt: {}", e.getMessage());
      return Replies.refusal(Response.Status.INTERNAL_SERVER_ERROR, e.getMessage());
    }
  }
}
