package io.portcullis.topic;

import io.portcullis.topic.ShardContent.Kind;
import io.portcullis.topic.ShardContent.ShardTopic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * A process that owns what shards it gets and counts on in each one's topic: the value after {@code
 * n} is {@code n+1}, whoever wrote {@code n}. Any record of a writer that is not the owner any more
 * would show as a number that comes twice.
 *
 * <p>Arguments: servers, group, shards, where to stop itself (SIGSTOP) once: {@code never}, {@code
 * before-init}, {@code after-init}, {@code restoring}, {@code in-transaction}, or {@code
 * before-commit}.
 */
public final class CountingWriter {
  static final String KEY = "count";

  /** So often that a take-over goes on from what was followed. */
  private static final Duration BETWEEN_FOLLOWS = Duration.ofMillis(200);

  private static final Duration STALL = Duration.ofMinutes(1);

  private static final ShardExecutor.Limits LIMITS = new ShardExecutor.Limits(2, 2, 1, 4, 2);

  /** Shorter than what is shipped, so that owners that are gone are waited for less long. */
  private static final int SESSION_MILLIS = 3_000;

  private final String group;
  private final String stopAt;
  private boolean stopped;

  private CountingWriter(String group, String stopAt) {
    this.group = group;
    this.stopAt = stopAt;
  }

  static TopicSpec shards(String group, int shards) {
    return new TopicSpec(group + ".shards", shards, Map.of());
  }

  static TopicSpec topic(String group, int shard) {
    return new TopicSpec(group + "." + shard, 1, Map.of("cleanup.policy", "compact"));
  }

  public static void main(String[] arguments) {
    new CountingWriter(arguments[1], arguments[3])
        .run(arguments[0], Integer.parseInt(arguments[2]));
  }

  private void run(String servers, int shards) {
    var settings =
        new KafkaSettings(
            Map.of("bootstrap.servers", servers, "session.timeout.ms", SESSION_MILLIS));
    var admin = new TopicAdmin(settings);
    var shardsTopic = shards(group, shards);
    var ownership = new Ownership(settings, admin, group, shardsTopic, STALL, () -> {});
    var background = ShardExecutor.threads(LIMITS, () -> {});
    var shared = new ShardGroup(settings, admin, ownership, background);
    var reconcilers =
        IntStream.range(0, shards)
            .mapToObj(
                shard ->
                    new ShardReconciler(
                        shared,
                        new Shard(shardsTopic, shard, group + "-" + shard),
                        new Count(shard),
                        StoppingProducer::new))
            .toList();
    while (true) {
      reconcilers.forEach(ShardReconciler::step);
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopAt(String point) {
    if (stopped || !stopAt.equals(point)) {
      return;
    }
    stopped = true;
    try {
      new ProcessBuilder("kill", "-STOP", Long.toString(ProcessHandle.current().pid()))
          .inheritIO()
          .start()
          .waitFor();
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class StoppingProducer extends KafkaProducer<String, byte[]> {
    StoppingProducer(Map<String, Object> settings) {
      super(settings);
    }

    @Override
    public void initTransactions() {
      stopAt("before-init");
      super.initTransactions();
      stopAt("after-init");
    }

    @Override
    public void commitTransaction() {
      stopAt("before-commit");
      super.commitTransaction();
    }
  }

  private final class Count implements ShardContent {
    private final ShardTopic topic;
    private long count;
    private Optional<Checkpoint> known = Optional.empty();
    private long followedNanos = System.nanoTime();

    Count(int shard) {
      this.topic = new ShardTopic(topic(group, shard), 0, Kind.COMPACTED);
    }

    @Override
    public Collection<ShardTopic> topics() {
      return List.of(topic);
    }

    @Override
    public Collection<ShardTopic> followed() {
      if (System.nanoTime() - followedNanos < BETWEEN_FOLLOWS.toNanos()) {
        return List.of();
      }
      followedNanos = System.nanoTime();
      return List.of(topic);
    }

    @Override
    public Optional<Checkpoint> checkpoint(ShardTopic which) {
      return known;
    }

    @Override
    public Restored restored(ShardTopic which, TopicContent content) {
      return () -> {
        count = 0;
        return take(
            Optional.ofNullable(content.values().get(KEY)),
            new Checkpoint(content.topicId(), content.position()));
      };
    }

    @Override
    public Restored restored(ShardTopic which, TopicChanges since) {
      return () ->
          take(
              since.values().getOrDefault(KEY, Optional.empty()),
              new Checkpoint(since.topicId(), since.position()));
    }

    private boolean take(Optional<byte[]> value, Checkpoint place) {
      stopAt("restoring");
      value.ifPresent(held -> count = Long.parseLong(new String(held, StandardCharsets.UTF_8)));
      known = Optional.of(place);
      return true;
    }

    @Override
    public void released() {
      // what is known stays so: what came since is read before it is counted on
    }

    @Override
    public void forget() {
      count = -1;
      known = Optional.empty();
    }

    @Override
    public Optional<Difference> difference() {
      return Optional.of(
          new Difference() {
            @Override
            public void write(Transaction transaction) {
              var next = Long.toString(count + 1).getBytes(StandardCharsets.UTF_8);
              transaction.put(topic.spec().name(), 0, KEY, next);
              stopAt("in-transaction");
            }

            @Override
            public void committed() {
              count++;
            }
          });
    }
  }
}
