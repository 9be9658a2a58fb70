package io.portcullis.nft;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.json.Json;
import java.util.List;

/**
 * Reads one listing of a table. Everything that is not exactly as {@link NftRenderer} writes it is
 * reported as unexpected; nothing is passed over.
 */
public final class DumpReader {
  private final Findings findings = new Findings();
  private final EndpointReader endpoints = new EndpointReader(findings);
  private final RejudgeReader rejudging = new RejudgeReader(findings);
  private final SetReader sets = new SetReader(findings, endpoints, rejudging);
  private final ChainReader chains = new ChainReader(findings, rejudging);

  private DumpReader() {}

  /**
   * Reads what {@code nft -j list table inet <table>} prints.
   *
   * @throws IllegalArgumentException when the text is no listing of nft
   */
  public static NftDump read(String json) {
    var reader = new DumpReader();
    objects(json).forEach(reader::object);
    return reader.dump();
  }

  private static JsonNode objects(String json) {
    JsonNode objects;
    try {
      objects = Json.mapper().readTree(json).path("nftables");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a listing of nft: " + e.getMessage(), e);
    }
    if (!objects.isArray()) {
      throw new IllegalArgumentException("not a listing of nft: no array \"nftables\"");
    }
    return objects;
  }

  private void object(JsonNode wrapped) {
    var kind = wrapped.isObject() && wrapped.size() == 1 ? wrapped.fieldNames().next() : "";
    if (!(wrapped.path(kind) instanceof ObjectNode object)) {
      findings.unexpected("object", wrapped.toString());
      return;
    }
    var name = object.path("name").asText();
    switch (kind) {
      case "metainfo" -> {}
      case "table" -> findings.hasOnly("table", object, List.of());
      case "set" -> sets.read(name, object);
      case "map" -> readMap(name, object);
      case "chain" -> chains.addChain(name, object);
      case "rule" -> chains.addRule(object);
      default -> {
        object.remove(List.of("handle"));
        findings.unexpected(kind + "/" + name, object.toString());
      }
    }
  }

  private void readMap(String name, ObjectNode object) {
    if (!rejudging.readMap(name, object)) {
      endpoints.readMap(name, object);
    }
  }

  private NftDump dump() {
    chains.assemble();
    endpoints.assemble();
    var rules = findings.rules();
    rejudging.assemble(rules);
    return new NftDump(
        rules,
        findings.unexpected(),
        chains.counters(),
        chains.stamp(),
        sets.local(),
        chains.retired(),
        sets.guard(),
        chains.mark(),
        rejudging.narrowed());
  }
}
