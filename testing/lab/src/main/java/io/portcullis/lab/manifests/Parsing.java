package io.portcullis.lab.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads objects that nobody has validated yet. It ignores their faults, which the watcher reports.
 */
final class Parsing {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private Parsing() {}

  /** Tells whether the text is a valid name of an object. */
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

  /** Returns the addresses in a pod's status, valid or not. */
  static List<String> podIps(JsonNode pod) {
    var texts = new ArrayList<String>();
    for (var item : pod.at("/status/podIPs")) {
      texts.add(item.path("ip").asText());
    }
    texts.add(pod.at("/status/podIP").asText());
    texts.removeIf(String::isEmpty);
    return texts;
  }

  /**
   * Tells whether a field of the object is absent or an object itself. A field of another type is
   * the author's mistake, which nothing here may overwrite.
   */
  static boolean objectOrAbsent(JsonNode object, String field) {
    var value = object.path(field);
    return value.isObject() || value.isMissingNode() || value.isNull();
  }
}
