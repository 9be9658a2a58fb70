package io.portcullis.cluster;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;

/**
 * The name of a cluster object in a topic: {@code group/Kind/namespace/name}. The core group is
 * written {@code core}; the namespace of a cluster-scoped object is empty.
 */
public record ObjectKey(String group, String kind, String namespace, String name)
    implements Comparable<ObjectKey> {
  private static final Comparator<ObjectKey> ORDER =
      Comparator.comparing(ObjectKey::kind)
          .thenComparing(ObjectKey::namespace)
          .thenComparing(ObjectKey::name)
          .thenComparing(ObjectKey::group);

  public ObjectKey {
    if (group.isEmpty() || kind.isEmpty() || name.isEmpty()) {
      throw new IllegalArgumentException(
          "group, kind and name must not be empty: " + group + "/" + kind + "/" + name);
    }
    if ((group + kind + namespace + name).indexOf('/') >= 0) {
      throw new IllegalArgumentException("'/' in a name of " + kind + ": " + name);
    }
  }

  @JsonCreator
  public static ObjectKey parse(String text) {
    var parts = text.split("/", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("not group/Kind/namespace/name: " + text);
    }
    return new ObjectKey(parts[0], parts[1], parts[2], parts[3]);
  }

  public static ObjectKey namespace(String name) {
    return new ObjectKey("core", "Namespace", "", name);
  }

  public static ObjectKey pod(String namespace, String name) {
    return new ObjectKey("core", "Pod", namespace, name);
  }

  public static ObjectKey node(String name) {
    return new ObjectKey("core", "Node", "", name);
  }

  /** Returns {@code Kind/namespace/name}, as problems and comments name an object. */
  public String display() {
    return kind + "/" + (namespace.isEmpty() ? "" : namespace + "/") + name;
  }

  /** Returns a hash that differs for names which differ by a digit in namespace and name. */
  @Override
  public int hashCode() {
    var where = 31 * (31 * group.hashCode() + kind.hashCode()) + namespace.hashCode();
    return where * 0x9e3779b1 + name.hashCode();
  }

  @Override
  public int compareTo(ObjectKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  @JsonValue
  public String toString() {
    return group + "/" + kind + "/" + namespace + "/" + name;
  }
}
