package io.portcullis.compiler.publish;

import io.portcullis.json.Json;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.topic.TopicContent;
import java.util.ArrayList;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node's topic holds.
 *
 * @param marker absent: no version was ever closed in this incarnation of the topic
 * @param alien keys whose records cannot be read; they are removed with the next version
 */
record HeldVersion(
    String topicId, RuleSet rules, Optional<Marker> marker, SortedSet<String> alien) {
  private static final Logger LOG = LoggerFactory.getLogger(HeldVersion.class);

  static HeldVersion of(String node, TopicContent content) {
    var records = new ArrayList<NodeRecord>();
    var alien = new TreeSet<String>();
    var marker = Optional.<Marker>empty();
    for (var item : content.values().entrySet()) {
      try {
        if (item.getKey().equals(Marker.KEY)) {
          marker = Optional.of(Json.read(item.getValue(), Marker.class));
        } else {
          records.add(NodeRecords.parse(item.getKey(), item.getValue()));
        }
      } catch (IllegalArgumentException e) {
        LOG.error("portcullis.node.{}: {}; it is written again", node, e.getMessage());
        alien.add(item.getKey());
      }
    }
    var rules = RuleSet.of(records);
    return new HeldVersion(content.topicId(), rules, marker, alien);
  }

  /** The same, by an equal rule set that shares what it has with those of other nodes. */
  HeldVersion as(RuleSet equal) {
    return new HeldVersion(topicId, equal, marker, alien);
  }

  /** Whether readers can use what the topic holds. */
  boolean sound() {
    return alien.isEmpty()
        && marker
            .filter(m -> m.digest().equals(rules.digest().hex()) && m.topicId().equals(topicId))
            .isPresent();
  }

  long number() {
    return marker.map(Marker::number).orElse(0L);
  }
}
