package io.portcullis.ruleset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * The record that closes a version: in a node's topic under the key {@code version}, and for a wide
 * set in {@code portcullis.sets} under {@code version/<id>}.
 *
 * @param number the version's number, which only grows for a node
 * @param content what the version consists of
 * @param compilation what it was compiled from, when and by whom
 * @param wide the sets that the rules refer to and that are published once for many nodes, by id
 */
public record Marker(long number, Content content, Compilation compilation, List<Wide> wide) {
  public static final String KEY = "version";

  public Marker {
    wide = wide == null ? List.of() : List.copyOf(wide);
  }

  /** Makes the marker of a version that needs no wide sets. */
  public Marker(long number, Content content, Compilation compilation) {
    this(number, content, compilation, List.of());
  }

  /** Returns the key of the record that closes a version of a wide set. */
  public static String key(SetId set) {
    return KEY + "/" + set;
  }

  /** Returns the marker of another content that was compiled with this one's. */
  public Marker with(Content other) {
    return new Marker(number, other, compilation, wide);
  }

  public String digest() {
    return content.digest();
  }

  public String topicId() {
    return content.topicId();
  }

  public String clusterTopicId() {
    return compilation.from().topicId();
  }

  public long clusterPosition() {
    return compilation.from().offset();
  }

  public long compiledMicros() {
    return compilation.micros();
  }

  public List<Cause> causes() {
    return compilation.causes();
  }

  /** Returns whether this version of a wide set is the one that a node needs, or a later one. */
  public boolean isEnoughFor(Marker node, Wide need) {
    return digest().equals(need.digest())
        || clusterTopicId().equals(node.clusterTopicId())
            && clusterPosition() >= need.clusterPosition();
  }

  /**
   * What a version consists of.
   *
   * @param digest of the whole rule set without wide sets ({@link Digest#hex})
   * @param records how many records the version has
   * @param topicId the id of the topic that it was written to
   */
  public record Content(String digest, int records, String topicId) {
    /** Makes the content of a rule set that is written to that topic. */
    public Content(RuleSet rules, String topicId) {
      this(rules.digest().hex(), rules.size(), topicId);
    }
  }

  /**
   * What a version was compiled from, when and by whom.
   *
   * @param from the place in the cluster topic
   * @param shard the shard that wrote the version
   * @param micros when it was compiled, in microseconds since 1970
   * @param causes the changes that made it, oldest first
   * @param build of the compiler
   */
  public record Compilation(
      ClusterPosition from, Shard shard, long micros, List<Cause> causes, String build) {
    public Compilation {
      causes = causes == null ? List.of() : List.copyOf(causes);
    }
  }

  /**
   * A place in the cluster topic.
   *
   * @param topicId the topic's id
   * @param offset of the next record
   */
  public record ClusterPosition(String topicId, long offset) {}

  /** One shard of so many. */
  public record Shard(int index, int count) {}

  /**
   * The version of a wide set that is needed at least: the one with this digest, or any that was
   * compiled from this position or a later one. A number would not do, as another replica gives it.
   *
   * @param clusterPosition in the cluster topic that the marker names
   */
  public record Wide(SetId set, String digest, long clusterPosition) {}

  /**
   * A change of a cluster object.
   *
   * @param object the object's key
   * @param source where the change was seen
   * @param seenMicros when the source was seen to have changed
   * @param publishedMicros when the broker took the change
   * @param removed whether the object was removed
   */
  public record Cause(
      String object, String source, long seenMicros, long publishedMicros, boolean removed) {}

  /** The marker as JSON has it: all fields side by side, in this order. */
  record Fields(
      long number,
      String digest,
      int records,
      String topicId,
      int shard,
      int shards,
      String clusterTopicId,
      long clusterPosition,
      long compiledMicros,
      List<Cause> causes,
      String build,
      List<Wide> wide) {}

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Marker of(Fields fields) {
    return new Marker(
        fields.number,
        new Content(fields.digest, fields.records, fields.topicId),
        new Compilation(
            new ClusterPosition(fields.clusterTopicId, fields.clusterPosition),
            new Shard(fields.shard, fields.shards),
            fields.compiledMicros,
            fields.causes,
            fields.build),
        fields.wide);
  }

  @JsonValue
  Fields fields() {
    return new Fields(
        number,
        content.digest,
        content.records,
        content.topicId,
        compilation.shard.index,
        compilation.shard.count,
        compilation.from.topicId,
        compilation.from.offset,
        compilation.micros,
        compilation.causes,
        compilation.build,
        wide);
  }
}
