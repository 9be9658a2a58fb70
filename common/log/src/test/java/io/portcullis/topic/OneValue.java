package io.portcullis.topic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A content that wants to write the same record again and again, or once only. */
final class OneValue implements ShardContent {
  final int shard;
  private final ShardTopic topic;
  private volatile boolean isHeld;
  private Optional<CountDownLatch> held = Optional.empty();
  private final List<String> topicIds = new ArrayList<>();
  Collection<String> unwanted = List.of();
  boolean failOnce;
  boolean enough;
  volatile int committed;
  int late;

  OneValue(String group, int shard) {
    this.shard = shard;
    this.topic =
        new ShardTopic(
            new TopicSpec(group + "." + shard, 1, Map.of("cleanup.policy", "compact")),
            0,
            Kind.COMPACTED);
  }

  /** Lets the next transaction wait before its end. */
  void holdOnce(CountDownLatch latch) {
    held = Optional.of(latch);
  }

  /** Tells whether a transaction waits, or has waited. */
  boolean isHeld() {
    return isHeld;
  }

  @Override
  public Collection<ShardTopic> topics() {
    return List.of(topic);
  }

  @Override
  public Restored restored(ShardTopic which, TopicContent content) {
    return () -> topicIds.add(content.topicId());
  }

  /** Of the topics that were restored, in order. */
  List<String> topicIds() {
    return List.copyOf(topicIds);
  }

  TopicSpec topic() {
    return topic.spec();
  }

  @Override
  public void forget() {}

  @Override
  public Collection<String> unwanted() {
    return unwanted;
  }

  @Override
  public void deleted(Collection<String> topics) {
    unwanted = List.of();
  }

  @Override
  public void late() {
    late++;
  }

  @Override
  public Optional<Difference> difference() {
    if (enough) {
      return Optional.empty();
    }
    return Optional.of(
        new Difference() {
          @Override
          public void write(Transaction transaction) throws InterruptedException {
            transaction.put(
                topic.spec().name(), 0, "key", "value".getBytes(StandardCharsets.UTF_8));
            if (failOnce) {
              failOnce = false;
              throw new IllegalStateException("once");
            }
            if (held.isPresent()) {
              var latch = held.get();
              held = Optional.empty();
              isHeld = true;
              latch.await();
            }
          }

          @Override
          public void committed() {
            committed++;
          }
        });
  }
}
