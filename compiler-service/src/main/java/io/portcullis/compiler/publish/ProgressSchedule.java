package io.portcullis.compiler.publish;

import java.time.Duration;

/**
 * Tells when a shard's next beat is due: a transaction that also does what can wait, even if it
 * writes no version. It is due a second after the last one if more was compiled since then,
 * otherwise seldom.
 */
final class ProgressSchedule {
  private static final Duration WITH_NEWS = Duration.ofSeconds(1);
  private static final Duration WITHOUT_NEWS = Duration.ofSeconds(5);

  private final Interval withNews = new Interval(WITH_NEWS);
  private final Interval withoutNews = new Interval(WITHOUT_NEWS);
  private long writtenPosition;
  private long writtenBeatMicros;

  boolean isDue(long nowMicros, CompiledCluster compiled) {
    return next(compiled).isDue(nowMicros);
  }

  /** Returns how long it is until the next time, if nothing is compiled until then. */
  Duration remaining(long nowMicros, CompiledCluster compiled) {
    return next(compiled).remaining(nowMicros);
  }

  private Interval next(CompiledCluster compiled) {
    return compiled.position() == writtenPosition && compiled.beatMicros() == writtenBeatMicros
        ? withoutNews
        : withNews;
  }

  /** Notes that a beat with progress up to here was written. */
  void written(long nowMicros, long position, long beatMicros) {
    withNews.restart(nowMicros);
    withoutNews.restart(nowMicros);
    writtenPosition = position;
    writtenBeatMicros = beatMicros;
  }
}
