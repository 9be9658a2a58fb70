package io.portcullis.topic;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a service keeps in the topics of one shard. The worker's thread calls all methods; what
 * topics hold is told by {@link Restored#take} and changed only by {@link Difference#committed}.
 */
public interface ShardContent {

  /**
   * The topics that the shard is to have now.
   *
   * @return empty while the source is not known to be whole: then nothing is made, restored or
   *     written
   */
  Collection<ShardTopic> topics();

  /** The topic that all this is made from, if it is; nothing is written from one that is gone. */
  default Optional<Source> source() {
    return Optional.empty();
  }

  /**
   * A topic that was read.
   *
   * @param id of the incarnation
   */
  record Source(String topic, String id) {}

  /**
   * What a topic holds; of a log only the id and the end. Another thread than the worker may call
   * it, so that reading holds up no other shard: what it does to the content it does when taken.
   */
  Restored restored(ShardTopic topic, TopicContent content);

  /** Likewise what came to a topic since it was {@link #checkpoint}. */
  default Restored restored(ShardTopic topic, TopicChanges since) {
    throw new IllegalStateException("never known before: " + topic);
  }

  /** What was read, ready for the worker's thread. */
  @FunctionalInterface
  interface Restored {
    /** Tells whether the topic is known now; otherwise all of it is read. */
    boolean take();
  }

  /** How far a topic is known from before; only what came since is read then. */
  default Optional<Checkpoint> checkpoint(ShardTopic topic) {
    return Optional.empty();
  }

  /**
   * A place in a topic that was read to there.
   *
   * @param topicId of the incarnation
   * @param position the offset of the next record
   */
  record Checkpoint(String topicId, long position) {}

  /**
   * While another process writes the shard: topics to be read meanwhile, those of them that exist,
   * so that this one knows them if it must take over.
   *
   * @return empty where there is nothing to be read now
   */
  default Collection<ShardTopic> followed() {
    return List.of();
  }

  /** Another process may write to the topics from now on, or may have done so. */
  default void released() {
    forget();
  }

  /** Nothing is known any more of what topics hold. */
  void forget();

  /** Names of topics that are to be deleted, for good; asked for only when all are restored. */
  default Collection<String> unwanted() {
    return List.of();
  }

  /** They are gone. */
  default void deleted(Collection<String> topics) {}

  /**
   * Makes the next {@link #difference}. It is called when all topics are restored and a transaction
   * may begin.
   */
  default void prepare() {}

  /** What is to be written; asked for only when all topics are restored. */
  Optional<Difference> difference();

  /**
   * A topic of a shard.
   *
   * @param partition that this shard alone writes
   * @param kind how it is restored
   */
  record ShardTopic(TopicSpec spec, int partition, Kind kind) {
    /** Returns the names of topics, each once. */
    static List<String> names(Collection<ShardTopic> topics) {
      return topics.stream().map(topic -> topic.spec().name()).distinct().toList();
    }
  }

  /** How a topic is restored. */
  enum Kind {
    /** Compacted: its newest values by key. */
    COMPACTED,
    /** A log: it is appended to, and never restored. */
    LOG
  }

  /** One transaction's worth. */
  interface Difference {

    /** To how many topics it writes, about. */
    default int topics() {
      return 1;
    }

    /** Sends its records; another thread than the worker may call it, so it holds what it needs. */
    void write(Transaction transaction) throws InterruptedException;

    /** Its records are committed. */
    void committed();
  }
}
