package io.portcullis.agent.cni;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.json.Json;
import io.portcullis.net.IpAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A pod's attachment to a network, as libcni notes it in a file of its result cache.
 *
 * @param namespace of the pod
 * @param name of the pod; empty where the runtime does not tell it
 * @param networkNamespace path of the pod's network namespace
 * @param addresses of the pod
 * @param links of the node that belong to the attachment, where the plugin names them
 */
public record Attachment(
    String namespace,
    String name,
    Path networkNamespace,
    SortedSet<IpAddress> addresses,
    SortedSet<String> links) {
  private static final String KIND = "cniCacheV1";
  private static final String NAMESPACE = "K8S_POD_NAMESPACE";
  private static final String NAME = "K8S_POD_NAME";

  /**
   * Reads a file of the cache.
   *
   * @return empty where it is of no pod
   * @throws IllegalArgumentException when it is not what libcni writes
   */
  static Optional<Attachment> parse(byte[] content) {
    var entry = json(content);
    if (!entry.path("kind").asText().equals(KIND)) {
      throw new IllegalArgumentException("it is no " + KIND);
    }
    var namespaces = arguments(NAMESPACE, entry.path("cniArgs"));
    if (namespaces.isEmpty()) {
      return Optional.empty();
    }
    if (namespaces.size() > 1) {
      throw new IllegalArgumentException("it names several namespaces: " + namespaces);
    }
    var names = arguments(NAME, entry.path("cniArgs"));
    var result = entry.path("result");
    return Optional.of(
        new Attachment(
            namespaces.first(),
            names.size() == 1 ? names.first() : "",
            Path.of(networkNamespace(entry.path("netns"), result.path("interfaces"))),
            addresses(result),
            links(result.path("interfaces"))));
  }

  private static JsonNode json(byte[] content) {
    try {
      return Json.read(content, JsonNode.class);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("it is no JSON", e);
    }
  }

  private static SortedSet<String> arguments(String name, JsonNode arguments) {
    var found = new TreeSet<String>();
    for (var argument : arguments) {
      if (argument.path(0).asText().equals(name)) {
        found.add(argument.path(1).asText());
      }
    }
    return found;
  }

  /** Releases of libcni before 1.2 name it only in the plugin's result. */
  private static String networkNamespace(JsonNode named, JsonNode interfaces) {
    if (named.isTextual()) {
      return named.asText();
    }
    var found = new TreeSet<String>();
    for (var link : interfaces) {
      found.add(link.path("sandbox").asText());
    }
    found.remove("");
    if (found.size() != 1) {
      throw new IllegalArgumentException("it does not name the network namespace");
    }
    return found.first();
  }

  private static SortedSet<String> links(JsonNode interfaces) {
    var found = new TreeSet<String>();
    for (var link : interfaces) {
      if (link.path("sandbox").asText().isEmpty()) {
        found.add(link.path("name").asText());
      }
    }
    return found;
  }

  private static SortedSet<IpAddress> addresses(JsonNode result) {
    var texts = new ArrayList<JsonNode>();
    result.path("ips").forEach(ip -> texts.add(ip.path("address")));
    for (var field : List.of("ip4", "ip6")) { // before version 0.3.0 of the format
      if (result.has(field)) {
        texts.add(result.path(field).path("ip"));
      }
    }
    var found = new TreeSet<IpAddress>();
    texts.forEach(text -> found.add(address(text.asText())));
    return found;
  }

  private static IpAddress address(String network) {
    var end = network.indexOf('/');
    return IpAddress.parseBound(end < 0 ? network : network.substring(0, end));
  }

  /** Returns whether the address belongs to this pod, named {@code namespace/name}. */
  boolean isOf(String pod, IpAddress address) {
    return addresses.contains(address)
        && (name.isEmpty() ? pod.startsWith(namespace + "/") : pod.equals(namespace + "/" + name));
  }

  boolean isOf(Set<String> exempt) {
    return exempt.contains(namespace);
  }
}
