package io.portcullis.ruleset;

import io.portcullis.json.Json;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Node records as they stand in a topic. What the key tells is not told again by the value: a
 * member and a pod CIDR are {@code {}}, a set its definition, a chain its rules and policies, an
 * endpoint its pod and chains. The marker is no node record ({@link Marker#KEY}).
 */
public final class NodeRecords {
  private static final byte[] NOTHING_MORE = "{}".getBytes(StandardCharsets.UTF_8);

  private NodeRecords() {}

  /** What the value of a set says beyond its key. */
  record SetValue(String definition) {}

  /** What the value of a chain says beyond its key. */
  record ChainValue(Family family, List<Rule> rules, Action end, List<String> policies) {
    ChainValue {
      Objects.requireNonNull(family, "family");
      rules = List.copyOf(rules);
      Objects.requireNonNull(end, "end");
      policies = policies == null ? List.of() : List.copyOf(policies);
    }
  }

  /** What the value of an endpoint says beyond its key. */
  record EndpointValue(
      String pod,
      Optional<ChainId> ingress,
      Optional<ChainId> egress,
      Optional<ChainId> toOwnNode) {}

  /** The value of the record under {@link NodeRecord#key}. */
  public static byte[] bytes(NodeRecord item) {
    return switch (item) {
      case Member _, PodCidr _ -> NOTHING_MORE.clone();
      case AddressSet(_, var definition) -> Json.bytes(new SetValue(definition));
      case Chain(_, var family, var rules, var end, var policies) ->
          Json.bytes(new ChainValue(family, rules, end, policies));
      case Endpoint(_, var pod, var ingress, var egress, var toOwnNode) ->
          Json.bytes(new EndpointValue(pod, ingress, egress, toOwnNode));
    };
  }

  /** What a key names. */
  sealed interface Key {
    record OfSet(SetId id) implements Key {}

    record OfMember(SetId set, Element element) implements Key {}

    record OfChain(ChainId id) implements Key {}

    record OfEndpoint(IpAddress ip) implements Key {}

    record OfPodCidr(IpRange range) implements Key {}
  }

  /** What a key names, if it is the key of a record. */
  static Optional<Key> parseKey(String key) {
    try {
      return Optional.of(key(key));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Key key(String key) {
    var parts = key.split("/", -1);
    if (parts.length == 3 && parts[0].equals("set")) {
      return new Key.OfMember(SetId.parse(parts[1]), Element.parse(parts[2]));
    }
    if (parts.length != 2) {
      throw new IllegalArgumentException("no key of a node record");
    }
    return switch (parts[0]) {
      case "set" -> new Key.OfSet(SetId.parse(parts[1]));
      case "chain" -> new Key.OfChain(ChainId.parse(parts[1]));
      case "endpoint" -> new Key.OfEndpoint(IpAddress.parse(parts[1]));
      case "podcidr" -> new Key.OfPodCidr(IpRange.parse(parts[1]));
      default -> throw new IllegalArgumentException("no key of a node record");
    };
  }

  /**
   * Reads one record; nothing of it is trusted.
   *
   * @throws IllegalArgumentException with the key and the reason, when the key is none of ours or
   *     not written canonically, or the value is not valid or not of this key
   */
  public static NodeRecord parse(String key, byte[] value) {
    try {
      var item = parse(key(key), value);
      if (!item.key().equals(key)) {
        throw new IllegalArgumentException("not written as " + item.key());
      }
      return item;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("record " + key + ": " + e.getMessage(), e);
    }
  }

  private static NodeRecord parse(Key key, byte[] value) {
    return switch (key) {
      case Key.OfMember(var set, var element) -> {
        if (!Arrays.equals(value, NOTHING_MORE)) { // members are most of all records
          read(value, Object.class);
        }
        yield new Member(set, element);
      }
      case Key.OfPodCidr(var range) -> {
        read(value, Object.class);
        yield new PodCidr(range);
      }
      case Key.OfSet(var id) -> {
        var definition = read(value, SetValue.class).definition();
        yield new AddressSet(id, definition == null ? "" : definition);
      }
      case Key.OfChain(var id) -> {
        var chain = read(value, ChainValue.class);
        yield new Chain(id, chain.family(), chain.rules(), chain.end(), chain.policies());
      }
      case Key.OfEndpoint(var ip) -> {
        var endpoint = read(value, EndpointValue.class);
        yield new Endpoint(
            ip,
            endpoint.pod() == null ? "" : endpoint.pod(),
            endpoint.ingress(),
            endpoint.egress(),
            endpoint.toOwnNode());
      }
    };
  }

  private static <T> T read(byte[] value, Class<T> type) {
    var read = Json.read(value, type);
    if (read == null) {
      throw new IllegalArgumentException("the value is null");
    }
    return read;
  }
}
