package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.portcullis.net.Cidr;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.net.Protocol;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;

/** Reads elements of sets, and knows the types of sets, as nft lists them. */
final class ElementReader {
  static final JsonNode LINK_TYPE = JsonNodeFactory.instance.textNode("ifname");

  private ElementReader() {}

  /** Returns the type of the set with this id. */
  static JsonNode type(SetId id) {
    var address = ObjectNames.address(id.family());
    return switch (id.kind()) {
      case HOSTS, NETWORKS -> JsonNodeFactory.instance.textNode(address);
      case HOST_PORTS ->
          JsonNodeFactory.instance.arrayNode().add(address).add("inet_proto").add("inet_service");
    };
  }

  static boolean isInterval(SetId id) {
    return switch (id.kind()) {
      case NETWORKS -> true;
      case HOSTS, HOST_PORTS -> false;
    };
  }

  static JsonNode selfType(Family family) {
    var address = ObjectNames.address(family);
    return JsonNodeFactory.instance.arrayNode().add(address).add(address);
  }

  /**
   * Reads one element.
   *
   * @throws IllegalArgumentException when {@link NftRenderer} writes no such element to such a set
   */
  static Element parse(SetKind kind, JsonNode element) {
    return switch (kind) {
      case HOSTS -> new Element.Host(address(element));
      case NETWORKS -> new Element.Network(range(element));
      case HOST_PORTS -> {
        var parts = element.path("concat");
        if (parts.size() != 3) {
          throw new IllegalArgumentException("not address . protocol . port: " + element);
        }
        yield new Element.HostPort(
            address(parts.get(0)), protocol(parts.get(1)), port(parts.get(2)));
      }
    };
  }

  static IpAddress address(JsonNode text) {
    return IpAddress.parseBound(text.asText());
  }

  static IpRange range(JsonNode element) {
    var prefix = element.path("prefix");
    if (prefix.isObject()) {
      return new Cidr(address(prefix.path("addr")), prefix.path("len").asInt(-1)).range();
    }
    var bounds = element.path("range");
    if (bounds.size() == 2) {
      return new IpRange(address(bounds.get(0)), address(bounds.get(1)));
    }
    var single = address(element);
    return new IpRange(single, single);
  }

  /** Reads a protocol by name, or by number where the machine has no names for protocols. */
  static Protocol protocol(JsonNode value) {
    return switch (value.asText()) {
      case "tcp", "6" -> Protocol.TCP;
      case "udp", "17" -> Protocol.UDP;
      case "sctp", "132" -> Protocol.SCTP;
      default -> throw new IllegalArgumentException("not TCP, UDP or SCTP: " + value);
    };
  }

  static int port(JsonNode value) {
    if (!value.isInt()) {
      throw new IllegalArgumentException("not a port number: " + value);
    }
    return value.intValue();
  }
}
