package io.portcullis.lab.network;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The names of one lab's namespaces and links. All start with the lab's random id, so that two labs
 * never collide and those of a crashed lab can be found.
 *
 * @param id four letters or digits
 */
public record Names(String id) {
  private static final Pattern PLAIN = Pattern.compile("[a-z0-9][a-z0-9.-]{0,79}");
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

  /** The name of the link in pods, nodes and hosts that leads to the gateway. */
  static final String UPLINK = "eth0";

  /** The name of a node's management link. */
  static final String MANAGEMENT_LINK = "mgmt0";

  public Names {
    if (!id.matches("[a-z0-9]{4}")) {
      throw new IllegalArgumentException("not the id of a lab: " + id);
    }
  }

  public static Names random() {
    var random = new java.security.SecureRandom();
    var id = new StringBuilder();
    for (var i = 0; i < 4; i++) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return new Names(id.toString());
  }

  /** Returns the prefix of the names of all the lab's namespaces. */
  public String prefix() {
    return "pc-" + id + "-";
  }

  /** Returns the namespace of Kafka, the watchers and the compilers. */
  public String management() {
    return prefix() + "mgmt";
  }

  /** Returns the namespace of the router that joins nodes and outside hosts. */
  public String fabric() {
    return prefix() + "fabric";
  }

  public String node(String name) {
    return namespace("node", name);
  }

  public String outside(String name) {
    return namespace("out", name);
  }

  /**
   * Returns the namespace of a pod.
   *
   * @param name the pod, as {@code namespace/name}
   */
  public String pod(String name) {
    return namespace(
        "pod", name.replace('/', '.')); // names of Kubernetes namespaces contain no dot
  }

  private String namespace(String kind, String name) {
    return prefix() + kind + "." + (PLAIN.matcher(name).matches() ? name : hash(name, 20));
  }

  /**
   * Returns the name of the upper end of the link to a pod, node or host, within the kernel's limit
   * of 15 bytes.
   */
  static String link(String kind, String name) {
    return "pc" + hash(kind + "/" + name, 12);
  }

  private static String hash(String text, int length) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
        .toString()
        .replace("-", "")
        .substring(0, length);
  }
}
