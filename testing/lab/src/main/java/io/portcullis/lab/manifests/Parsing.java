package io.portcullis.lab.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What can be told of objects that nobody has validated; their faults are the watcher's to tell.
 */
final class Parsing {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private Parsing() {}

  /** Whether an object can have this name. */
  static boolean isName(String text) {
    return text.length() <= 253 && NAME.matcher(text).matches();
  }

  static Optional<IpAddress> ip(String text) {
    try {
      return Optional.of(IpAddress.parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  static Optional<Cidr> cidr(String text) {
    try {
      return Optional.of(Cidr.parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** The addresses that a pod's manifest gives it, also as far as they are not valid. */
  static List<String> podIps(JsonNode pod) {
    var texts = new ArrayList<String>();
    for (var item : pod.at("/status/podIPs")) {
      texts.add(item.path("ip").asText());
    }
    texts.add(pod.at("/status/podIP").asText());
    texts.removeIf(String::isEmpty);
    return texts;
  }

  /** Whether the object has this part, or could have it: a text there is the author's fault. */
  static boolean objectOrAbsent(JsonNode object, String field) {
    var value = object.path(field);
    return value.isObject() || value.isMissingNode() || value.isNull();
  }
}
