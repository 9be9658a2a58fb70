package io.portcullis.published;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.Synced;
import io.portcullis.json.Json;
import io.portcullis.topic.KafkaErrors;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;

/**
 * The cluster of a running installation, as its watcher has published it.
 *
 * @param objects in the order of their keys
 */
public record PublishedCluster(List<ClusterObject> objects) {

  /** Why there is no cluster to be read, with the remedy where one is known. */
  public static final class NotReadable extends Exception {
    private static final long serialVersionUID = 1;

    private NotReadable(String message) {
      super(message);
    }
  }

  public PublishedCluster {
    objects = List.copyOf(objects);
  }

  /**
   * Reads all objects.
   *
   * @param settings of Kafka's clients, {@code bootstrap.servers} among them
   * @throws NotReadable when brokers do not answer, and when not every object can be read: a part
   *     of a cluster would look whole
   */
  public static PublishedCluster read(Map<String, String> settings) throws NotReadable {
    var topic = Topics.cluster().name();
    var kafka = new KafkaSettings(Map.copyOf(settings));
    try (var admin = new TopicAdmin(kafka)) {
      var content =
          new TopicReader(kafka, admin)
              .content(topic, 0)
              .orElseThrow(
                  () ->
                      new NotReadable(
                          "there is no topic " + topic + "; is this Portcullis' broker?"));
      return of(content);
    } catch (KafkaException e) {
      throw new NotReadable(KafkaErrors.reason(e, "Read", List.of(topic)));
    }
  }

  private static PublishedCluster of(TopicContent content) throws NotReadable {
    var synced = content.values().get(Synced.KEY);
    if (synced == null || !written(synced).topicId().equals(content.topicId())) {
      throw new NotReadable("the watcher has not published the whole cluster yet");
    }
    var objects = new ArrayList<ClusterObject>();
    for (var record : content.values().entrySet()) {
      if (!record.getKey().equals(Synced.KEY)) {
        objects.add(object(record.getKey(), record.getValue()));
      }
    }
    return new PublishedCluster(objects);
  }

  private static Synced written(byte[] value) throws NotReadable {
    try {
      return Json.read(value, Synced.class);
    } catch (IllegalArgumentException e) {
      throw unreadable(Synced.KEY, e);
    }
  }

  private static ClusterObject object(String key, byte[] value) throws NotReadable {
    try {
      return Json.read(value, ClusterObject.class);
    } catch (IllegalArgumentException e) {
      throw unreadable(key, e);
    }
  }

  private static NotReadable unreadable(String key, IllegalArgumentException e) {
    return new NotReadable(
        "record %s cannot be read: %s; use the release that the watcher has"
            .formatted(key, e.getMessage()));
  }
}
