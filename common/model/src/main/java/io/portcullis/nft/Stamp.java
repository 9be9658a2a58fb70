package io.portcullis.nft;

import java.util.regex.Pattern;

/**
 * What a table says of itself: whose version it holds. It stands as the comment of a rule in a
 * chain of its own, outlives the agent, and is no part of the digest.
 *
 * @param version its number
 * @param topicId the incarnation of the topic that it came from
 * @param digest that its marker names
 * @param micros when it was programmed, microseconds since 1970
 */
public record Stamp(long version, String topicId, String digest, long micros) {
  static final String CHAIN = "stamp";

  /** As Kafka writes them; so a stamp has at most 127 characters, nft's limit for a comment. */
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

  /** Whether both stand for the same version, whenever it was programmed. */
  public boolean isOfSameVersion(Stamp other) {
    return version == other.version && topicId.equals(other.topicId) && digest.equals(other.digest);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when it is none
   */
  static Stamp parse(String text) {
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
