package io.portcullis.nft;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.portcullis.cluster.Direction;
import io.portcullis.json.Json;
import io.portcullis.net.Family;
import io.portcullis.net.Protocol;
import java.util.List;

/** Builds expressions as nft lists them. */
final class ListingJson {
  static final JsonNode PROTOCOL = json("{'meta':{'key':'l4proto'}}");
  static final JsonNode ANY_DPORT = payload("th", "dport");

  private ListingJson() {}

  /** Parses JSON that is written with single quotes. */
  static JsonNode json(String text) {
    try {
      return Json.mapper().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + text, e);
    }
  }

  static JsonNode payload(String protocol, String field) {
    return json("{'payload':{'protocol':'" + protocol + "','field':'" + field + "'}}");
  }

  static JsonNode concat(JsonNode... parts) {
    var array = JsonNodeFactory.instance.arrayNode().addAll(List.of(parts));
    return JsonNodeFactory.instance.objectNode().set("concat", array);
  }

  /** Returns the expression for the address of the other end. */
  static JsonNode peer(Family family, Direction direction) {
    return payload(
        switch (family) {
          case V4 -> "ip";
          case V6 -> "ip6";
        },
        switch (direction) {
          case INGRESS -> "saddr";
          case EGRESS -> "daddr";
        });
  }

  static JsonNode dport(Protocol protocol) {
    return payload(protocol.nft(), "dport");
  }
}
