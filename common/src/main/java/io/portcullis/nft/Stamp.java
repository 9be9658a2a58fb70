package io.portcullis.nft;

import io.portcullis.ruleset.Marker;
import java.util.regex.Pattern;

/**
 * What a table says of itself: whose version it holds. It stands as the comment of a rule in a
 * chain of its own, survives the agent, and is no part of the digest.
 *
 * @param version its number
 * @param topicId the incarnation of the topic that it came from
 * @param digest that its marker names
 */
public record Stamp(long version, String topicId, String digest) {
  static final String CHAIN = "stamp";

  /** With 20 digits and the blanks it stays under 128 bytes, the longest comment of nft. */
  private static final Pattern TOPIC_ID = Pattern.compile("[A-Za-z0-9_-]{1,40}");

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  public Stamp {
    if (version < 0 || !TOPIC_ID.matcher(topicId).matches() || !DIGEST.matcher(digest).matches()) {
      throw new IllegalArgumentException(
          "not a version's number, topic and digest: " + version + " " + topicId + " " + digest);
    }
  }

  public static Stamp of(Marker marker) {
    return new Stamp(marker.number(), marker.topicId(), marker.digest());
  }

  static Stamp parse(String text) {
    var parts = text.split(" ", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not a stamp: " + text);
    }
    return new Stamp(Long.parseLong(parts[0]), parts[1], parts[2]);
  }

  @Override
  public String toString() {
    return version + " " + topicId + " " + digest;
  }
}
