package io.portcullis.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.json.Json;
import java.util.Map;

/** Reads the annotation by which Kubernetes 1.3 isolates a namespace (L1, L2). */
final class IsolationAnnotation {
  static final String NAME = "net.beta.kubernetes.io/network-policy";
  private static final String DEFAULT_DENY = "DefaultDeny";

  private IsolationAnnotation() {}

  /** The meaning of the annotation. */
  sealed interface Isolation {
    /** The annotation can be read, or is absent. */
    record Known(boolean ingressDefaultDeny) implements Isolation {}

    /** The annotation cannot be read, and the last readable value stays (L2). */
    record Unknown(String reason) implements Isolation {}
  }

  static Isolation read(Map<String, String> annotations) {
    var text = annotations.get(NAME);
    if (text == null) {
      return new Isolation.Known(false);
    }
    try {
      return read(Json.onlyValue(text), text);
    } catch (JsonProcessingException e) {
      return unknown(text, "not JSON: " + e.getOriginalMessage());
    }
  }

  private static Isolation read(JsonNode policy, String text) {
    if (!isObjectOf(policy, "ingress")) {
      return unknown(text, "must be an object with nothing but `ingress`");
    }
    var ingress = policy.path("ingress");
    if (absent(ingress)) {
      return new Isolation.Known(false);
    }
    if (!isObjectOf(ingress, "isolation")) {
      return unknown(text, "`ingress` must be an object with nothing but `isolation`");
    }
    var isolation = ingress.path("isolation");
    if (absent(isolation)) {
      return new Isolation.Known(false);
    }
    return isolation.isTextual() && isolation.textValue().equals(DEFAULT_DENY)
        ? new Isolation.Known(true) // L1
        : unknown(text, "the only isolation is \"" + DEFAULT_DENY + "\""); // L2
  }

  private static boolean absent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  private static boolean isObjectOf(JsonNode value, String onlyField) {
    return value.isObject() && value.size() == (value.has(onlyField) ? 1 : 0);
  }

  private static Isolation unknown(String text, String reason) {
    return new Isolation.Unknown("Invalid value: " + Quoted.text(text) + ": " + reason);
  }
}
