package io.portcullis.topic;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a service keeps in the topics of one shard. The worker's thread calls all methods; what
 * topics hold is told by {@link #restored} and changed only by {@link Difference#committed}.
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

  /** What a topic holds; of a log only the id and the end. */
  void restored(ShardTopic topic, TopicContent content);

  /** Nothing is known any more of what topics hold. */
  void forget();

  /** Names of topics that are to be deleted, for good; asked for only when all are restored. */
  default Collection<String> unwanted() {
    return List.of();
  }

  /** They are gone. */
  default void deleted(Collection<String> topics) {}

  /** What is to be written; asked for only when all topics are restored. */
  Optional<Difference> difference();

  /**
   * A topic of a shard.
   *
   * @param partition that this shard alone writes
   * @param kind how it is restored
   */
  record ShardTopic(TopicSpec spec, int partition, Kind kind) {}

  /** How a topic is restored. */
  enum Kind {
    /** Compacted: its newest values by key. */
    COMPACTED,
    /** A log: it is appended to, and never restored. */
    LOG
  }

  /** One transaction's worth. */
  interface Difference {

    /** How far the source was read when this was wanted. */
    long position();

    /** Sends its records; another thread than the worker may call it, so it holds what it needs. */
    void write(Transaction transaction) throws InterruptedException;

    /** Its records are committed. */
    void committed();
  }
}
