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
   * Returns the topics that the shard is to have now.
   *
   * @return empty while the source is not known to be whole: then nothing is made, restored or
   *     written
   */
  Collection<ShardTopic> topics();

  /**
   * Returns the topic that the content is made from, if any; nothing is written once it is gone.
   */
  default Optional<Source> source() {
    return Optional.empty();
  }

  /**
   * Names a topic that was read.
   *
   * @param id of the incarnation
   */
  record Source(String topic, String id) {}

  /**
   * Reads what a topic holds; of a log that is only the id and the end. Another thread than the
   * worker's may call it, so that reading holds up no other shard: it changes the content only when
   * the result is taken.
   */
  Restored restored(ShardTopic topic, TopicContent content);

  /** Reads, likewise, what came to a topic since its {@link #checkpoint}. */
  default Restored restored(ShardTopic topic, TopicChanges since) {
    throw new IllegalStateException("never known before: " + topic);
  }

  /** The content of a topic as it was read, which the worker's thread takes over. */
  @FunctionalInterface
  interface Restored {
    /** Tells whether the topic is known now; otherwise all of it is read. */
    boolean take();
  }

  /** Returns how far a topic was read before; only what came since is read then. */
  default Optional<Checkpoint> checkpoint(ShardTopic topic) {
    return Optional.empty();
  }

  /**
   * A place to which a topic was read.
   *
   * @param topicId of the incarnation
   * @param position the offset of the next record
   */
  record Checkpoint(String topicId, long position) {}

  /**
   * Returns the topics to read while another process writes the shard, so that this one knows them
   * if it must take over; those that do not exist are left out.
   *
   * @return empty where there is nothing to be read now
   */
  default Collection<ShardTopic> followed() {
    return List.of();
  }

  /** Takes that another process may write to the topics from now on, or may have done so. */
  default void released() {
    forget();
  }

  /** Forgets all that is known of what topics hold. */
  void forget();

  /** Returns the topics to delete for good; asked for only when all are restored. */
  default Collection<String> unwanted() {
    return List.of();
  }

  /** Takes that these topics are deleted. */
  default void deleted(Collection<String> topics) {}

  /**
   * Makes the next {@link #difference}. It is called when all topics are restored and a transaction
   * may begin.
   */
  default void prepare() {}

  /**
   * Takes that the brokers did not take the records of a transaction in time. Nothing of it was
   * written; the next one should write less at once, until one is committed.
   */
  default void late() {}

  /** Returns what is to be written; asked for only when all topics are restored. */
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

  /** The records that one transaction writes. */
  interface Difference {

    /** Returns to how many topics it writes, about. */
    default int topics() {
      return 1;
    }

    /** Sends its records; another thread than the worker may call it, so it holds what it needs. */
    void write(Transaction transaction) throws InterruptedException;

    /** Takes that its records are committed. */
    void committed();
  }
}
