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
 * Reads and writes node records as topics hold them. A value does not repeat its key: a member and
 * a pod CIDR are {@code {}}, a set is its definition, a chain its rules and policies, an endpoint
 * its pod and chains. The marker is no node record ({@link Marker#KEY}).
 */
public final class NodeRecords {
  private static final byte[] NOTHING_MORE = "{}".getBytes(StandardCharsets.UTF_8);

  private NodeRecords() {}

  /** The value of a set. */
  record SetValue(String definition) {}

  /** The value of a chain. */
  record ChainValue(Family family, List<Rule> rules, Action end, List<String> policies) {
    ChainValue {
      Objects.requireNonNull(family, "family");
      rules = List.copyOf(rules);
      Objects.requireNonNull(end, "end");
      policies = policies == null ? List.of() : List.copyOf(policies);
    }
  }

  /** The value of an endpoint. */
  record EndpointValue(
      String pod,
      Optional<ChainId> ingress,
      Optional<ChainId> egress,
      Optional<ChainId> toOwnNode) {}

  /** Returns the value that a topic holds under {@link NodeRecord#key}. */
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

  /** The parts of a key. */
  sealed interface Key {
    record OfSet(SetId id) implements Key {}

    record OfMember(SetId set, Element element) implements Key {}

    record OfChain(ChainId id) implements Key {}

    record OfEndpoint(IpAddress ip) implements Key {}

    record OfPodCidr(IpRange range) implements Key {}
  }

  /** Returns the parts of a key, if it is the key of a node record. */
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
   * Reads a record, and trusts nothing of it.
   *
   * @throws IllegalArgumentException with the key and the reason, when the key is no key of a node
   *     record or not canonical, or the value is invalid or belongs to another key
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
