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
  private Optional<CountDownLatch> entered = Optional.empty();
  private Optional<CountDownLatch> held = Optional.empty();
  private final List<String> topicIds = new ArrayList<>();
  Collection<String> unwanted = List.of();
  boolean failOnce;
  boolean enough;
  volatile int committed;

  OneValue(String group, int shard) {
    this.shard = shard;
    this.topic =
        new ShardTopic(
            new TopicSpec(group + "." + shard, 1, Map.of("cleanup.policy", "compact")),
            0,
            Kind.COMPACTED);
  }

  /** The next transaction waits before its end. */
  void holdOnce(CountDownLatch entered, CountDownLatch held) {
    this.entered = Optional.of(entered);
    this.held = Optional.of(held);
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
  public Optional<Difference> difference() {
    if (enough) {
      return Optional.empty();
    }
    return Optional.of(
        new Difference() {
          @Override
          public long position() {
            return committed;
          }

          @Override
          public void write(Transaction transaction) throws InterruptedException {
            transaction.put(
                topic.spec().name(), 0, "key", "value".getBytes(StandardCharsets.UTF_8));
            if (failOnce) {
              failOnce = false;
              throw new IllegalStateException("once");
            }
            if (entered.isPresent()) {
              entered.get().countDown();
              entered = Optional.empty();
              held.orElseThrow().await();
            }
          }

          @Override
          public void committed() {
            committed++;
          }
        });
  }
}
