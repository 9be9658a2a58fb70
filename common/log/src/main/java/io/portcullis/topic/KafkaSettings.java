package io.portcullis.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Settings of the Kafka clients: the operator's own, and on top what correctness rests on. */
public final class KafkaSettings {
  /** After so long without a heartbeat an owner has lost its shards, unless set otherwise. */
  private static final int SESSION_MILLIS = 6_000;

  /**
   * The heartbeats of a member in one session. By them it learns that shards are shared out anew.
   */
  private static final int HEARTBEATS = 6;

  /** The longest wait of a fetch for new records, in milliseconds. Thousands of agents wait. */
  private static final int LONGEST_FETCH_MILLIS = 2_000;

  /** A consumer that is closed waits for its last fetch, which asks for what is not there yet. */
  private static final int LONGEST_LAST_FETCH_MILLIS = 10;

  /**
   * How long brokers wait for the end of a transaction. Whoever takes a shard over ends what was
   * left open, so this need not be short; a transaction that slow brokers end must all be written
   * once more, and the shard be restored.
   */
  private static final int LONGEST_TRANSACTION_MILLIS = 60_000;

  /** How long one call to a broker may take. */
  private static final Duration LONGEST_CALL = Duration.ofSeconds(5);

  private final Map<String, Object> base;
  private final Optional<Short> replication;
  private final int callMillis;

  /** Topics are made with as many replicas as the brokers' default says. */
  public KafkaSettings(Map<String, Object> base) {
    this(base, Optional.empty());
  }

  /**
   * @param base the operator's settings ({@code kafka.*}): servers, TLS, SASL, and {@code
   *     session.timeout.ms}: after so long without a heartbeat an owner has lost its shards
   * @param replication on how many brokers a topic that is made is kept; the brokers' default where
   *     it is absent
   */
  public KafkaSettings(Map<String, Object> base, Optional<Short> replication) {
    this(Map.copyOf(base), replication, LONGEST_CALL);
  }

  private KafkaSettings(
      Map<String, Object> base, Optional<Short> replication, Duration longestCall) {
    this.base = base;
    this.replication = replication;
    this.callMillis = Math.toIntExact(longestCall.toMillis());
  }

  /** Returns the same settings with another limit of how long one call to a broker may take. */
  public KafkaSettings withLongestCall(Duration limit) {
    return new KafkaSettings(base, replication, limit);
  }

  Optional<Short> replication() {
    return replication;
  }

  Map<String, Object> admin() {
    var settings = common(AdminClientConfig.configNames());
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, callMillis);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, callMillis);
    return settings;
  }

  /** A reader of committed records that positions itself and fails where its position is gone. */
  public Map<String, Object> reader() {
    var settings = consumer();
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Topics.LARGEST_RECORD);
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, LONGEST_FETCH_MILLIS);
    return settings;
  }

  /** Returns the settings of a reader that is closed when it has read to the end. */
  Map<String, Object> passingReader() {
    var settings = reader();
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, LONGEST_LAST_FETCH_MILLIS);
    return settings;
  }

  /**
   * A member of a group, by the classic protocol: by the newer one ({@code consumer}) the broker
   * sets the session's length, 45 s and no less unless its operator allows it, and so long the
   * nodes of an owner that was killed would get no versions. With 6 s there it was no better: 200
   * nodes of a killed owner waited as long at the median, at worst 8.5 s instead of 7.6.
   */
  Map<String, Object> member(String group, int longestStallMillis) {
    var settings = consumer();
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    settings.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, sessionMillis());
    settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, sessionMillis() / HEARTBEATS);
    settings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, longestStallMillis);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 5_000);
    return settings;
  }

  /**
   * The producer that writes a shard in transactions. Where a topic is, is forgotten late: to ask
   * again, topic by topic, would take a transaction over many of them past its time.
   */
  Map<String, Object> writer(String transactionalId) {
    var settings = producer();
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, LONGEST_TRANSACTION_MILLIS);
    settings.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(1).toMillis());
    return settings;
  }

  /** A producer without transactions. */
  public Map<String, Object> producer() {
    var settings = common(ProducerConfig.configNames());
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName());
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.LARGEST_RECORD + 64 * 1024);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, callMillis);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, callMillis);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, callMillis);
    return settings;
  }

  private Map<String, Object> consumer() {
    var settings = common(ConsumerConfig.configNames());
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class.getName());
    settings.put(
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, callMillis);
    settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, callMillis);
    return settings;
  }

  /**
   * Why the group cannot be joined with the session time-out that is set.
   *
   * @param limits the broker's own, in words
   */
  String sessionRefused(String limits) {
    return ("session.timeout.ms: %d is refused by the broker, whose limits are %s: set the broker's"
            + " group.min.session.timeout.ms and group.max.session.timeout.ms so that they include"
            + " it, or KAFKA_SESSION_TIMEOUT_MS to a value within them (an owner that dies is"
            + " replaced only after so long)")
        .formatted(sessionMillis(), limits);
  }

  private int sessionMillis() {
    var set = base.get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
    return set == null ? SESSION_MILLIS : Integer.parseInt(set.toString());
  }

  /**
   * Without JMX, which nobody asks for metrics: to register those of each partition there is half
   * of what it takes a client to read thousands of topics.
   */
  private Map<String, Object> common(Set<String> known) {
    var settings =
        base.entrySet().stream()
            .filter(setting -> known.contains(setting.getKey()))
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, Map.Entry::getValue, (a, _) -> a, HashMap::new));
    settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    settings.putIfAbsent(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, List.of());
    return settings;
  }
}
