package io.portcullis.topic;

import io.portcullis.retry.Backoff;
import io.portcullis.retry.Outage;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last failure of a shard, and when the shard may be tried again. */
final class ShardFailure {
  private static final Logger LOG = LoggerFactory.getLogger(ShardFailure.class);
  private static final Duration AFTER_REFUSAL = Duration.ofMillis(100);

  /** Brokers let this user not do it, until an operator grants it. */
  private static final Duration AFTER_DENIAL = Duration.ofSeconds(5);

  private final Shard shard;
  private final Backoff retry = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));
  private final Outage outage = new Outage();
  private long unconfirmedNanos = System.nanoTime() - AFTER_REFUSAL.toNanos();

  ShardFailure(Shard shard) {
    this.shard = shard;
  }

  /** Returns why it last failed, until that is {@linkplain #over over}. */
  Optional<String> reason() {
    return outage.reason();
  }

  void over() {
    outage.end();
  }

  boolean isRetryDue() {
    return retry.isDue();
  }

  /** Takes that the group did not confirm that the shard is this process'. */
  void unconfirmed() {
    unconfirmedNanos = System.nanoTime();
  }

  /** Tells whether the group may be asked once more. */
  boolean isConfirmationDue() {
    return System.nanoTime() - unconfirmedNanos >= AFTER_REFUSAL.toNanos();
  }

  /** Takes that the brokers have not told how a transaction ended; they are asked again at once. */
  void unknown() {
    outage.report(
        "the brokers do not tell in time whether a transaction is committed",
        text -> LOG.warn("{}: {}; asking again", shard, text));
  }

  /** Takes that brokers did not do something in time; it is tried again later. */
  void late(TimeoutException reason) {
    outage.report(reason.getMessage(), text -> LOG.warn("{}: {}; trying again", shard, text));
    retry.succeeded();
    retry.failed();
  }

  /**
   * Takes a failure after which the shard is restored again, later.
   *
   * @param topics that it was about
   */
  void failed(Throwable e, Collection<String> topics) {
    var isOfKafka = isOfKafka(e);
    var why = isOfKafka ? KafkaErrors.reason(e, "Write", topics) : e.toString();
    if (isOfKafka || outage.isNew(why)) {
      retry.succeeded();
    }
    if (isOfKafka) {
      outage.report(why, text -> LOG.warn("{}: {}; restoring again", shard, text));
      LOG.debug("{}", shard, e);
    } else {
      outage.report(why, _ -> LOG.error("{} failed; restoring again", shard, e));
    }
    if (isOfKafka && KafkaErrors.isRefusal(e)) {
      retry.failed(AFTER_DENIAL);
    } else {
      retry.failed();
    }
  }

  /** Tells whether brokers or their clients are the cause, and no fault of ours. */
  static boolean isOfKafka(Throwable e) {
    return e instanceof KafkaException || e instanceof ExecutionException;
  }
}
