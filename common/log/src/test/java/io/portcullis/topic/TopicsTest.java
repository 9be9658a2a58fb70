package io.portcullis.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.internals.Topic;
import org.junit.jupiter.api.Test;

class TopicsTest {
  /** The longest name that Kubernetes takes. */
  private static final String LONGEST = "a".repeat(63) + ".b".repeat(95);

  private static final List<String> NAMES =
      List.of(
          "n1",
          "ip-10-0-1-7.eu-west-1.compute.internal",
          "a".repeat(230),
          "a".repeat(231),
          LONGEST,
          LONGEST.substring(0, 252) + "c",
          "N1",
          "n_1",
          "n.1",
          "n 1",
          "n/1",
          "\u00fc",
          "",
          Topics.inTopics("n_1"),
          Topics.inTopics(LONGEST));

  @Test
  void anOrdinaryNameStandsAsItIs() {
    assertThat(Topics.node("ip-10-0-1-7.eu-west-1.compute.internal").name())
        .isEqualTo("portcullis.node.ip-10-0-1-7.eu-west-1.compute.internal");
  }

  @Test
  void kafkaTakesTheTopicsOfAnyName() {
    assertThat(LONGEST).hasSize(253);
    NAMES.forEach(
        node -> {
          Topic.validate(Topics.node(node).name());
          Topic.validate(Topics.applied(node, Duration.ofDays(1)).name());
        });
  }

  @Test
  void noTwoNodesShareATopicNorOneThatKafkaTakesForTheSame() {
    var topics = NAMES.stream().map(node -> Topics.node(node).name().replace('_', '.'));
    assertThat(Stream.of(topics.toArray())).doesNotHaveDuplicates().hasSize(NAMES.size());
  }
}
