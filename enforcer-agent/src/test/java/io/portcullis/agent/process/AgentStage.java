package io.portcullis.agent.process;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.json.Json;
import io.portcullis.nft.DumpReader;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.TestNamespace;
import io.portcullis.ruleset.Applied;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TestBroker;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicReader;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/** What one test has: a writer of the node's topic, the node's agent, and what both left. */
record AgentStage(
    String node,
    TestNamespace namespace,
    TestBroker broker,
    NodeWriter writer,
    RunningAgent agent) {

  void enforcedSoon(RuleSet rules, long number) {
    await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(
            () -> {
              var held = agent.rules("/rules");
              var kernel = agent.rules("/rules/kernel");
              assertThat(held.path("version").asLong()).isEqualTo(number);
              assertThat(kernel.path("stamp").path("version").asLong()).isEqualTo(number);
              assertThat(held.path("digest").asText()).isEqualTo(rules.digest().hex());
              assertThat(kernel.path("digest")).isEqualTo(held.path("digest"));
              assertThat(canonical(kernel)).isEqualTo(canonical(held));
              assertThat(dump().digest()).isEqualTo(rules.digest());
            });
  }

  private static String canonical(JsonNode answer) {
    var lines = new StringBuilder();
    for (var item : answer.path("records")) {
      lines.append(item.path("key")).append(item.path("canonical")).append('\n');
    }
    return lines.toString();
  }

  void appliedSoon(long number) {
    await()
        .untilAsserted(
            () -> {
              var applied = applied();
              assertThat(applied.version()).isEqualTo(number);
              assertThat(applied.error()).isEmpty();
              assertThat(applied.committedMicros()).isPositive();
            });
  }

  Applied applied() {
    var settings = new KafkaSettings(broker.settings());
    try (var admin = new TopicAdmin(settings)) {
      var answer =
          new TopicReader(settings, admin)
              .content("portcullis.applied." + node, 0)
              .flatMap(content -> Optional.ofNullable(content.values().get(node)));
      assertThat(answer).isPresent();
      return Json.read(answer.get(), Applied.class);
    }
  }

  /** Somebody changes the table, and the agent repairs it. */
  void changedAndRepaired(String change, RuleSet rules) {
    namespace.load(change);
    await()
        .ignoreExceptionsInstanceOf(IllegalStateException.class) // as long as it is away
        .untilAsserted(() -> assertThat(dump().digest()).isEqualTo(rules.digest()));
  }

  /** How many versions the agent has committed since it started. */
  int commits() throws Exception {
    var count = Pattern.compile("portcullis_agent_programming_seconds_count (\\d+)");
    var found = count.matcher(agent.metrics());
    assertThat(found.find()).isTrue();
    return Integer.parseInt(found.group(1));
  }

  NftDump dump() {
    return DumpReader.read(namespace.listing(NftRenderer.TABLE));
  }

  String tableHandle() throws Exception {
    return Json.mapper()
        .readTree(namespace.listing(NftRenderer.TABLE))
        .path("nftables")
        .path(1)
        .path("table")
        .path("handle")
        .asText();
  }
}
