package io.portcullis.nft;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The version that a table says it holds. The stamp is the comment of a rule in a chain of its own,
 * outlives the agent, and is no part of the digest.
 *
 * @param version the version's number
 * @param topicId the id of the topic that the version came from
 * @param digest the digest that the version's marker names
 * @param micros when the version was programmed, in microseconds since 1970; 0 where nothing of the
 *     version is enforced ({@link #closed})
 */
public record Stamp(long version, String topicId, String digest, long micros) {
  static final String CHAIN = "stamp";

  /** A topic's id as Kafka writes it; a stamp then has at most 127 characters, nft's limit. */
  private static final Pattern TOPIC_ID = Pattern.compile("[A-Za-z0-9_-]{22}");

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  public Stamp {
    if (version < 0
        || micros < 0
        || !TOPIC_ID.matcher(topicId).matches()
        || !DIGEST.matcher(digest).matches()) {
      throw new IllegalArgumentException(
          "not a version's number, topic, digest and time: %d %s %s %d"
              .formatted(version, topicId, digest, micros));
    }
  }

  /**
   * Returns the stamp of a table that was made after a boot: it holds none of the version, and its
   * guard closes all pods.
   *
   * @param digest of what it holds
   */
  public static Stamp closed(long version, String topicId, String digest) {
    return new Stamp(version, topicId, digest, 0);
  }

  /** Returns whether the table holds none of the version. */
  public boolean isClosed() {
    return micros == 0;
  }

  /** Returns whether both stand for the same version, whenever it was programmed. */
  public boolean isOfSameVersion(Stamp other) {
    return version == other.version && topicId.equals(other.topicId) && digest.equals(other.digest);
  }

  /**
   * Reads the rules of the stamp's chain: one rule, with the stamp as its comment.
   *
   * @throws IllegalArgumentException when they are no stamp
   */
  static Stamp read(List<ObjectNode> listed) {
    if (listed.size() != 1) {
      throw new IllegalArgumentException("not one rule");
    }
    return parse(listed.getFirst().path("comment").asText());
  }

  private static Stamp parse(String text) {
    var parts = text.split(" ", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("not a stamp: " + text);
    }
    return new Stamp(Long.parseLong(parts[0]), parts[1], parts[2], Long.parseLong(parts[3]));
  }

  @Override
  public String toString() {
    return version + " " + topicId + " " + digest + " " + micros;
  }
}
