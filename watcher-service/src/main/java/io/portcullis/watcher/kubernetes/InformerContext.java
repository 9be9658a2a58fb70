package io.portcullis.watcher.kubernetes;

import io.portcullis.watcher.apiserver.ApiServer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.function.LongSupplier;

/**
 * What all threads that read one API server share.
 *
 * @param events where they put what they see; when it is full they wait
 * @param clockMicros the time, microseconds since 1970, for what is seen
 */
record InformerContext(
    ApiServer server,
    BlockingQueue<InformerEvent> events,
    LongSupplier clockMicros,
    Timing timing) {

  /**
   * How long an API server is given, and how often it is asked.
   *
   * @param discovery between two looks at which kinds it has
   * @param answer for a short answer, after which it counts as silent
   * @param page for one page of a list
   * @param watch after which the server is to end a watch
   * @param watchMargin after which a watch that the server did not end counts as broken
   * @param longestPause between two attempts to read a kind
   */
  record Timing(
      Duration discovery,
      Duration answer,
      Duration page,
      Duration watch,
      Duration watchMargin,
      Duration longestPause) {

    /** A connection that breaks silently is found when its watch should have ended. */
    static final Timing STANDARD =
        new Timing(
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofSeconds(20),
            Duration.ofSeconds(5));
  }
}
