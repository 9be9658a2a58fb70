package io.portcullis.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.json.Json;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.TestNamespace;
import io.portcullis.ruleset.Applied;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TestBroker;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The packaged agent as a process with a real broker and real nftables, all in one network
 * namespace of the test's own.
 */
class AgentProcessIT {
  private static final AtomicInteger NODES = new AtomicInteger();

  private static TestNamespace namespace;
  private static TestBroker broker;

  /** Each test has a node of its own; none before it left anything in its topics. */
  private final String node = "node-" + NODES.incrementAndGet() + ".example";

  private final Random random = new Random(20);

  @BeforeAll
  static void startBroker() throws Exception {
    namespace = TestNamespace.make();
    namespace.run("", "ip", "link", "set", "lo", "up").orThrow();
    broker = InsideNamespace.call(namespace.name(), TestBroker::new);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
    namespace.close();
  }

  @BeforeEach
  void waitLong() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
    Awaitility.pollInSameThread();
  }

  @AfterEach
  void removeTable() {
    Awaitility.reset();
    namespace.load(NftRenderer.remove(NftRenderer.TABLE));
    namespace.load(NftRenderer.remove(NftRenderer.SWAP_TABLE));
  }

  /** What a test has. */
  private record Stage(NodeWriter writer, RunningAgent agent) {}

  private interface Story {
    void tell(Stage stage) throws Exception;
  }

  private void inside(Map<String, String> settings, Story story) throws Exception {
    InsideNamespace.call(
        namespace.name(),
        () -> {
          try (var writer = new NodeWriter(broker.settings(), node);
              var agent = new RunningAgent(node, broker.bootstrap(), settings)) {
            try {
              story.tell(new Stage(writer, agent));
            } catch (Exception | AssertionError e) {
              e.addSuppressed(new IllegalStateException("the agent's log:\n" + agent.log()));
              throw e;
            }
          }
          return null;
        });
  }

  @Test
  void versionsAreEnforcedFromTheFirstOnAndOutliveTheAgent() throws Exception {
    inside(
        Map.of(),
        stage -> {
          var agent = stage.agent();
          await().ignoreExceptions().until(() -> agent.health("live").status() == 200);
          assertThat(agent.health("ready").status()).isEqualTo(503);
          assertThat(agent.rules("/rules", "application/json").status()).isEqualTo(503);

          var first = RandomRuleSets.next(random);
          enforcedSoon(stage, first, stage.writer().write(first));
          var second = RandomRuleSets.next(random);
          var number = stage.writer().write(second);
          enforcedSoon(stage, second, number);
          assertThat(agent.health("ready").body()).contains(second.digest().hex(), "library");
          appliedSoon(number);

          var handle = tableHandle();
          agent.killHard();
          assertThat(dump().digest()).isEqualTo(second.digest());
          agent.start();
          await().until(agent::isReady);
          appliedSoon(number);
          assertThat(tableHandle()).isEqualTo(handle);
          assertThat(agent.rules("/rules").path("records").toString()).contains("causes");

          var third = RandomRuleSets.next(random);
          enforcedSoon(stage, third, stage.writer().write(third));
          assertThat(tableHandle()).isNotEqualTo(handle);
          assertThat(namespace.run("", "nft", "list", "tables").orThrow())
              .doesNotContain(NftRenderer.SWAP_TABLE);
          assertThat(agent.metrics())
              .contains("portcullis_agent_version", "portcullis_agent_programming_seconds_count")
              .contains("portcullis_agent_following 1.0");
        });
  }

  @Test
  void aTableThatIsDeletedByHandIsSeenAndComesBackWithTheNextVersion() throws Exception {
    inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          enforcedSoon(stage, rules, stage.writer().write(rules));
          var agent = stage.agent();
          assertThat(agent.rules("/rules", "text/plain").body())
              .contains("table inet portcullis {", "chain forward");
          assertThat(agent.rules("/rules/kernel", "text/plain").body())
              .contains("table inet portcullis {", "chain forward");

          namespace.load(NftRenderer.remove(NftRenderer.TABLE));
          var kernel = agent.rules("/rules/kernel");
          assertThat(kernel.path("digest").asText()).isEqualTo(RuleSet.EMPTY.digest().hex());
          assertThat(kernel.path("records")).isEmpty();
          assertThat(kernel.path("table").asBoolean()).isFalse();
          assertThat(agent.rules("/rules").path("digest").asText()).isEqualTo(rules.digest().hex());
          assertThat(agent.rules("/rules/kernel", "text/plain").body())
              .contains("no table inet portcullis");

          var next = RandomRuleSets.next(random);
          enforcedSoon(stage, next, stage.writer().write(next));
        });
  }

  @Test
  void losingTheBrokerChangesNothingAndHeals() throws Exception {
    inside(
        Map.of("PORTCULLIS_NFT", "program"),
        stage -> {
          var agent = stage.agent();
          var rules = RandomRuleSets.next(random);
          enforcedSoon(stage, rules, stage.writer().write(rules));
          var handle = tableHandle();

          broker.kill();
          await().until(() -> agent.health("well").body().contains("unavailable"));
          assertThat(agent.health("well").status()).isEqualTo(503);
          assertThat(agent.isReady()).isTrue();
          agent.killHard();
          agent.start();
          await().until(agent::isReady);
          assertThat(agent.rules("/rules").path("digest").asText()).isEqualTo(rules.digest().hex());
          assertThat(tableHandle()).isEqualTo(handle);

          broker.start();
          await().until(() -> agent.health("well").status() == 200);
          var next = RandomRuleSets.next(random);
          var number = stage.writer().write(next);
          enforcedSoon(stage, next, number);
          appliedSoon(number);

          broker.kill();
          broker.wipe();
          broker.start();
          await().until(() -> agent.health("well").body().contains("does not exist"));
          assertThat(dump().digest()).isEqualTo(next.digest());
          stage.writer().begin();
          await().until(() -> agent.health("well").status() == 200);
          assertThat(dump().digest()).isEqualTo(next.digest());
          var last = RandomRuleSets.next(random);
          var lastNumber = stage.writer().write(last);
          enforcedSoon(stage, last, lastNumber);
          appliedSoon(lastNumber);
        });
  }

  @Test
  void aTopicThatIsMadeAnewIsReadFromItsBeginning() throws Exception {
    inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          enforcedSoon(stage, rules, stage.writer().write(rules));
          stage.writer().makeAnew();
          assertThat(dump().digest()).isEqualTo(rules.digest());
          for (var i = 0; i < 5; i++) {
            var next = RandomRuleSets.next(random);
            enforcedSoon(stage, next, stage.writer().write(next));
          }
          assertThat(stage.agent().rules("/rules").path("topicId").asText())
              .isEqualTo(stage.writer().topicId());
        });
  }

  @Test
  void aVersionWithAWrongDigestIsRefusedAndTold() throws Exception {
    inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          var number = stage.writer().write(rules);
          enforcedSoon(stage, rules, number);
          stage.writer().write(RandomRuleSets.next(random), "0".repeat(64));
          await().untilAsserted(() -> assertThat(applied().error()).isPresent());
          assertThat(applied().version()).isEqualTo(number);
          assertThat(applied().error().orElseThrow()).contains("digest");
          assertThat(dump().digest()).isEqualTo(rules.digest());
          assertThat(stage.agent().isReady()).isTrue();
          assertThat(stage.agent().health("well").status()).isEqualTo(503);
          assertThat(stage.agent().metrics())
              .containsPattern("portcullis_agent_refusals_total\\{reason=\"digest\",?} 1.0");

          var next = RandomRuleSets.next(random);
          var nextNumber = stage.writer().write(next);
          enforcedSoon(stage, next, nextNumber);
          appliedSoon(nextNumber);
          assertThat(stage.agent().health("well").status()).isEqualTo(200);
        });
  }

  @Test
  void aMarkerWithoutItsRecordsIsRefused() throws Exception {
    inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          enforcedSoon(stage, rules, stage.writer().write(rules));
          stage.writer().writeMarkerOnly(RandomRuleSets.next(random));
          await().untilAsserted(() -> assertThat(applied().error()).isPresent());
          assertThat(dump().digest()).isEqualTo(rules.digest());
        });
  }

  @Test
  void aTopicThatIsWrittenAnewBeforeTheAgentSeesItsLossCostsNoRuleAtAnyMoment() throws Exception {
    inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          var next = rules;
          while (next.equals(rules) || next.records().size() != rules.records().size()) {
            next = RandomRuleSets.next(random); // as many records: the same offsets
          }
          enforcedSoon(stage, rules, stage.writer().write(rules));
          var seen = ConcurrentHashMap.<String>newKeySet();
          var watching = new AtomicBoolean(true);
          var watcher =
              Thread.ofPlatform()
                  .start(
                      () -> {
                        while (watching.get()) {
                          seen.add(dump().digest().hex());
                        }
                      });
          broker.kill();
          broker.wipe();
          broker.start();
          stage.writer().begin();
          enforcedSoon(stage, next, stage.writer().write(next));
          watching.set(false);
          watcher.join();
          assertThat(seen).containsOnly(rules.digest().hex(), next.digest().hex());
        });
  }

  @Test
  void anAgentThatCrashedInTheMiddleOfAChangeEndsItThoughTheBrokerIsAway() throws Exception {
    inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          enforcedSoon(stage, rules, stage.writer().write(rules));
          stage.agent().killHard();
          broker.kill();
          namespace.load(NftRenderer.replace(RandomRuleSets.next(random), NftRenderer.SWAP_TABLE));
          stage.agent().start();
          await().until(stage.agent()::isReady);
          assertThat(namespace.run("", "nft", "list", "tables").orThrow())
              .doesNotContain(NftRenderer.SWAP_TABLE);
          assertThat(dump().digest()).isEqualTo(rules.digest());
          broker.start();
          var next = RandomRuleSets.next(random);
          enforcedSoon(stage, next, stage.writer().write(next));
        });
  }

  @Test
  void theLogTellsOfABrokerThatIsAwayAndOfNothingElse() throws Exception {
    inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          var number = stage.writer().write(rules);
          enforcedSoon(stage, rules, number);
          appliedSoon(number);
          var before = stage.agent().log().lines().count();
          broker.kill();
          await().until(() -> stage.agent().health("well").status() == 503);
          Thread.sleep(5_000); // what would be said again and again
          broker.start();
          await().until(() -> stage.agent().health("well").status() == 200);
          assertThat(stage.agent().log().lines().skip(before))
              .hasSizeLessThanOrEqualTo(4)
              .noneMatch(line -> line.contains("org.apache.kafka"))
              .anyMatch(line -> line.contains("cannot be read"));
        });
  }

  @Test
  void dumpsAreServedOnLoopbackOnlyAndHealthToEverybody() throws Exception {
    namespace.run("", "ip", "address", "add", "192.0.2.7/32", "dev", "lo").orThrow();
    inside(
        Map.of("QUARKUS_HTTP_PORT", "8181", "QUARKUS_MANAGEMENT_PORT", "9191"),
        stage -> {
          var agent = stage.agent();
          await()
              .ignoreExceptions()
              .until(() -> agent.get("192.0.2.7:9191", "/q/health/live", "*/*").status() == 200);
          assertThat(agent.get("127.0.0.1:8181", "/rules", "*/*").status()).isEqualTo(503);
          assertThatThrownBy(() -> agent.get("192.0.2.7:8181", "/rules", "*/*"))
              .isInstanceOf(IOException.class);
          assertThat(agent.get("127.0.0.1:9191", "/rules", "*/*").status()).isEqualTo(404);
        });
  }

  @Test
  void dumpsAreForBearersOfTheTokenOnly() throws Exception {
    inside(
        Map.of("PORTCULLIS_ENDPOINT_TOKEN", "secret"),
        stage -> {
          await().ignoreExceptions().until(() -> stage.agent().health("live").status() == 200);
          assertThat(stage.agent().rules("/rules", "text/plain").status()).isEqualTo(401);
          assertThat(stage.agent().rules("/rules/kernel", "text/plain").status()).isEqualTo(401);
        });
  }

  private void enforcedSoon(Stage stage, RuleSet rules, long number) {
    await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(
            () -> {
              var held = stage.agent().rules("/rules");
              var kernel = stage.agent().rules("/rules/kernel");
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

  private void appliedSoon(long number) {
    await()
        .untilAsserted(
            () -> {
              var applied = applied();
              assertThat(applied.version()).isEqualTo(number);
              assertThat(applied.error()).isEmpty();
              assertThat(applied.committedMicros()).isPositive();
            });
  }

  private Applied applied() {
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

  private NftDump dump() {
    return NftDump.parse(namespace.listing(NftRenderer.TABLE));
  }

  private String tableHandle() throws Exception {
    return Json.mapper()
        .readTree(namespace.listing(NftRenderer.TABLE))
        .path("nftables")
        .path(1)
        .path("table")
        .path("handle")
        .asText();
  }
}
