package io.portcullis.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.cluster.ObjectKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** Names of objects, for keys and for messages. */
final class ObjectNames {
  /** Why an object without a name is refused whose name a server would generate. */
  static final String NOT_GENERATED =
      "only an API server makes a name from generateName; write a name";

  private static final int DIGITS = 8;

  private ObjectNames() {}

  /** Returns whether an API server would make the object's name. */
  static boolean isGenerated(JsonNode object) {
    return name(object).isEmpty() && !prefix(object).isEmpty();
  }

  /** Returns the name, or nothing. */
  static String name(JsonNode object) {
    return textOr(object.path("metadata").path("name"), "");
  }

  private static String prefix(JsonNode object) {
    return textOr(object.path("metadata").path("generateName"), "");
  }

  /** Returns the key; empty if the name is missing or cannot be in a key. */
  static Optional<ObjectKey> key(Kind kind, JsonNode object) {
    var name = isGenerated(object) ? standIn(object) : name(object);
    var namespace = namespace(object);
    return mayBeInKey(name) && mayBeInKey(namespace)
        ? Optional.of(kind.key(namespace, name))
        : Optional.empty();
  }

  /** Returns the key of a Service; empty if the name is missing or cannot be in a key. */
  static Optional<ObjectKey> service(JsonNode object) {
    var name = name(object);
    var namespace = namespace(object);
    return mayBeInKey(name) && mayBeInKey(namespace)
        ? Optional.of(new ObjectKey("core", "Service", namespace, name))
        : Optional.empty();
  }

  /** Returns a name that no valid object has. The same object always gets the same one. */
  private static String standIn(JsonNode object) {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256")
              .digest(object.toString().getBytes(StandardCharsets.UTF_8));
      return prefix(object) + "?" + "%064x".formatted(new BigInteger(1, hash)).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static boolean mayBeInKey(String name) {
    return !name.isEmpty()
        && name.length() <= NameSyntax.MAX_NAME
        && name.chars().noneMatch(c -> c == '/' || Character.isISOControl(c));
  }

  private static String namespace(JsonNode object) {
    return textOr(object.path("metadata").path("namespace"), Scopes.DEFAULT_NAMESPACE);
  }

  private static Optional<String> namespaceOrNothing(JsonNode object) {
    return Optional.of(textOr(object.path("metadata").path("namespace"), ""))
        .filter(text -> !text.isEmpty());
  }

  /** Returns a text that is not empty, or what stands for an absent one. */
  static String textOr(JsonNode value, String absent) {
    return value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : absent;
  }

  /** Returns how messages name an object that has no key. */
  static String display(Kind kind, JsonNode object) {
    return switch (kind.scope()) {
      case CLUSTER -> kind.kind() + "/" + shown(name(object));
      case NAMESPACED -> kind.kind() + "/" + shown(namespace(object)) + "/" + shown(name(object));
    };
  }

  /** Returns how messages name an object of any other kind. */
  static String displayUnread(String kind, JsonNode object) {
    var namespace = Scopes.shownNamespace(kind, namespaceOrNothing(object));
    return shown(kind)
        + "/"
        + namespace.map(in -> shown(in) + "/").orElse("")
        + shown(name(object));
  }

  private static String shown(String name) {
    if (name.isEmpty()) {
      return "?";
    }
    return name.length() > NameSyntax.MAX_NAME
        ? name.substring(0, NameSyntax.MAX_NAME) + "…"
        : name;
  }
}
