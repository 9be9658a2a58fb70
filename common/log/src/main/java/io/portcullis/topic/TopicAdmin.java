package io.portcullis.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes topics, and tells which incarnation of a topic is there: a topic that was deleted and made
 * anew keeps its name, not its id. Any method throws {@link KafkaException} when the broker does
 * not answer.
 */
public final class TopicAdmin implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicAdmin.class);

  /** How many topics one call makes: thousands would outlast its time-out. */
  private static final int AT_ONCE = 500;

  private static final Duration TO_BE_KNOWN = Duration.ofSeconds(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final Admin admin;
  private final TopicSettings topicSettings;
  private final Optional<Short> replication;

  /** The ids of topics that were made sure of. */
  private final Map<TopicSpec, String> seen = new ConcurrentHashMap<>();

  /**
   * @throws KafkaException when the settings are of no use: no broker is asked yet
   */
  public TopicAdmin(KafkaSettings settings) {
    this.admin = open(settings);
    this.topicSettings = new TopicSettings(admin);
    this.replication = settings.replication();
  }

  private static Admin open(KafkaSettings settings) {
    try {
      return Admin.create(settings.admin());
    } catch (KafkaException e) {
      throw KafkaErrors.unusable(e);
    }
  }

  /**
   * Makes the topics that are missing and sets right the settings of those that differ; only a
   * topic's writer may call it. Creating comes first: the controller knows what exists, while a
   * broker may still describe a topic that was just deleted.
   */
  public void ensure(Collection<TopicSpec> specs) {
    inParts(specs, this::ensureSome);
  }

  /**
   * Makes sure of topics, and leaves incarnations as they are that it made sure of before.
   *
   * @return the ids of all of them
   */
  public Map<String, String> ensureOnce(Collection<TopicSpec> specs) {
    var ids = ids(names(specs));
    var unseen = unseen(specs, ids);
    if (unseen.isEmpty()) {
      return ids;
    }
    ensure(unseen);
    var made = idsOfMade(specs);
    see(unseen, made);
    return made;
  }

  /** Waits for brokers to know what the controller made some time before. */
  private Map<String, String> idsOfMade(Collection<TopicSpec> specs) {
    var until = System.nanoTime() + TO_BE_KNOWN.toNanos();
    while (true) {
      var ids = ids(names(specs));
      if (ids.size() == Set.copyOf(names(specs)).size() || System.nanoTime() > until) {
        return ids;
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_LOOKS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** Sets the settings of those that exist right, once each; returns their ids. */
  Map<String, String> setRightOnce(Collection<TopicSpec> specs) {
    var ids = ids(names(specs));
    var unseen = unseen(specs, ids).stream().filter(spec -> ids.containsKey(spec.name())).toList();
    inParts(unseen, topicSettings::setRight);
    see(unseen, ids);
    return ids;
  }

  private List<TopicSpec> unseen(Collection<TopicSpec> specs, Map<String, String> ids) {
    return specs.stream()
        .filter(
            spec -> !ids.containsKey(spec.name()) || !ids.get(spec.name()).equals(seen.get(spec)))
        .toList();
  }

  private void see(Collection<TopicSpec> specs, Map<String, String> ids) {
    specs.forEach(
        spec -> Optional.ofNullable(ids.get(spec.name())).ifPresent(id -> seen.put(spec, id)));
  }

  private static void inParts(Collection<TopicSpec> specs, Consumer<List<TopicSpec>> use) {
    var list = List.copyOf(specs);
    for (var from = 0; from < list.size(); from += AT_ONCE) {
      use.accept(list.subList(from, Math.min(from + AT_ONCE, list.size())));
    }
  }

  private void ensureSome(Collection<TopicSpec> specs) {
    var created = admin.createTopics(specs.stream().map(this::creation).toList()).values();
    var existing =
        specs.stream().filter(spec -> existed(spec.name(), created.get(spec.name()))).toList();
    var described = admin.describeTopics(names(existing)).topicNameValues();
    var present = new ArrayList<TopicSpec>();
    for (var spec : existing) {
      unlessUnknown(spec.name(), described.get(spec.name()))
          .ifPresent(
              description -> {
                requirePartitions(spec, description);
                present.add(spec);
              });
    }
    topicSettings.setRight(present);
  }

  private NewTopic creation(TopicSpec spec) {
    return new NewTopic(spec.name(), Optional.of(spec.partitions()), replication)
        .configs(spec.settings());
  }

  private static void requirePartitions(TopicSpec spec, TopicDescription description) {
    var found = description.partitions().size();
    if (found != spec.partitions()) {
      throw new KafkaException(
          "topic %s: has %d partitions, must have %d: delete it, it is made anew"
              .formatted(spec.name(), found, spec.partitions()));
    }
  }

  /**
   * Deletes these incarnations; those that are gone already are no matter.
   *
   * @param ids by topic
   */
  void delete(Map<String, String> ids) {
    seen.values().removeAll(ids.values());
    var uuids = ids.values().stream().map(Uuid::fromString).toList();
    admin
        .deleteTopics(TopicCollection.ofTopicIds(uuids))
        .topicIdValues()
        .values()
        .forEach(deletion -> deleted(deletion, ids.keySet()));
  }

  private static void deleted(KafkaFuture<Void> deletion, Collection<String> topics) {
    try {
      AdminCall.get(deletion, "Delete", topics);
    } catch (UnknownTopicIdException _) {
      LOG.debug("deleted by another already");
    }
  }

  /** Tells whether a consumer group has members; it has none where it does not exist. */
  public boolean hasMembers(String group) {
    var described = admin.describeConsumerGroups(List.of(group)).describedGroups().get(group);
    try {
      return !AdminCall.get(described, "Describe", List.of()).members().isEmpty();
    } catch (GroupIdNotFoundException _) {
      return false;
    }
  }

  /** Returns which session time-outs the broker takes, in words. */
  String sessionLimits() {
    try {
      var broker =
          AdminCall.get(admin.describeCluster().nodes(), "Describe", List.of()).iterator().next();
      var resource = new ConfigResource(ConfigResource.Type.BROKER, broker.idString());
      var settings =
          AdminCall.get(
                  admin.describeConfigs(List.of(resource)).all(), "DescribeConfigs", List.of())
              .get(resource);
      return settings.get("group.min.session.timeout.ms").value()
          + " to "
          + settings.get("group.max.session.timeout.ms").value()
          + " ms";
    } catch (KafkaException e) {
      LOG.debug("the broker's limits", e);
      return "not shown to this user";
    }
  }

  /** Returns the ids of those of the topics that exist. */
  public Map<String, String> ids(Collection<String> topics) {
    return requestIds(topics).join();
  }

  /** Asks for ids without waiting; {@link Ids#arrived} tells when they are there. */
  Ids requestIds(Collection<String> topics) {
    return new Ids(admin.describeTopics(List.copyOf(topics)).topicNameValues());
  }

  /** Answers to a question for ids, as they arrive. */
  static final class Ids {
    private final Map<String, KafkaFuture<TopicDescription>> asked;

    private Ids(Map<String, KafkaFuture<TopicDescription>> asked) {
      this.asked = asked;
    }

    boolean arrived() {
      return asked.values().stream().allMatch(KafkaFuture::isDone);
    }

    /** Tells whether the brokers told of a topic. That they did not in time says nothing of it. */
    boolean answered(String topic) {
      var answer = asked.get(topic);
      return answer != null && !isLate(answer);
    }

    private static boolean isLate(KafkaFuture<TopicDescription> answer) {
      var arrived = answer.toCompletionStage().toCompletableFuture();
      return arrived.isCompletedExceptionally()
          && KafkaErrors.lateness(arrived.exceptionNow()).isPresent();
    }

    /** Returns the id of a topic that was asked for; absent where the topic does not exist. */
    Optional<String> of(String topic) {
      return unlessUnknown(topic, asked.get(topic)).map(found -> found.topicId().toString());
    }

    Map<String, String> join() {
      var ids = new HashMap<String, String>();
      asked.keySet().forEach(topic -> of(topic).ifPresent(id -> ids.put(topic, id)));
      return ids;
    }
  }

  private static List<String> names(Collection<TopicSpec> specs) {
    return specs.stream().map(TopicSpec::name).toList();
  }

  private static Optional<TopicDescription> unlessUnknown(
      String topic, KafkaFuture<TopicDescription> answer) {
    try {
      return Optional.of(AdminCall.get(answer, "Describe", List.of(topic)));
    } catch (UnknownTopicOrPartitionException _) {
      return Optional.empty();
    }
  }

  private static boolean existed(String topic, KafkaFuture<Void> creation) {
    try {
      AdminCall.get(creation, "Create", List.of(topic));
      return false;
    } catch (TopicExistsException _) {
      return true;
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
