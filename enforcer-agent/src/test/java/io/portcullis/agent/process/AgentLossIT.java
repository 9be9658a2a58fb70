package io.portcullis.agent.process;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The packaged agent when its broker, its topic or the agent itself is lost. */
class AgentLossIT {
  @RegisterExtension static final AgentStages STAGES = new AgentStages();

  private final Random random = new Random(20);

  @Test
  void losingTheBrokerChangesNothingAndHeals() throws Exception {
    STAGES.inside(
        Map.of("PORTCULLIS_NFT", "program"),
        stage -> {
          var agent = stage.agent();
          var rules = RandomRuleSets.next(random);
          stage.enforcedSoon(rules, stage.writer().write(rules));
          var handle = stage.tableHandle();

          STAGES.broker().kill();
          await().until(() -> agent.health("well").body().contains("unavailable"));
          assertThat(agent.health("well").status()).isEqualTo(503);
          assertThat(agent.isReady()).isTrue();
          agent.killHard();
          agent.start();
          await().until(agent::isReady);
          assertThat(agent.rules("/rules").path("digest").asText()).isEqualTo(rules.digest().hex());
          assertThat(stage.tableHandle()).isEqualTo(handle);

          STAGES.broker().start();
          await().until(() -> agent.health("well").status() == 200);
          var next = RandomRuleSets.next(random);
          var number = stage.writer().write(next);
          stage.enforcedSoon(next, number);
          stage.appliedSoon(number);

          STAGES.broker().kill();
          STAGES.broker().wipe();
          STAGES.broker().start();
          await().until(() -> agent.health("well").body().contains("does not exist"));
          assertThat(stage.dump().digest()).isEqualTo(next.digest());
          stage.writer().begin();
          await().until(() -> agent.health("well").status() == 200);
          assertThat(stage.dump().digest()).isEqualTo(next.digest());
          var last = RandomRuleSets.next(random);
          var lastNumber = stage.writer().write(last);
          stage.enforcedSoon(last, lastNumber);
          stage.appliedSoon(lastNumber);
        });
  }

  @Test
  void driftIsRepairedThoughTheBrokerIsAway() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          stage.enforcedSoon(rules, stage.writer().write(rules));
          STAGES.broker().kill();
          await().until(() -> stage.agent().health("well").body().contains("unavailable"));
          stage.changedAndRepaired("insert rule inet portcullis forward accept", rules);

          stage.agent().killHard();
          stage.agent().start();
          await().until(stage.agent()::isReady);
          stage.changedAndRepaired("flush ruleset", rules);
          assertThat(stage.agent().rules("/rules/drift").path("count").asInt()).isOne();
          STAGES.broker().start();
          var next = RandomRuleSets.next(random);
          stage.enforcedSoon(next, stage.writer().write(next));
        });
  }

  @Test
  void aTopicThatIsMadeAnewIsReadFromItsBeginning() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          stage.enforcedSoon(rules, stage.writer().write(rules));
          stage.writer().makeAnew();
          assertThat(stage.dump().digest()).isEqualTo(rules.digest());
          for (var i = 0; i < 5; i++) {
            var next = RandomRuleSets.next(random);
            stage.enforcedSoon(next, stage.writer().write(next));
          }
          assertThat(stage.agent().rules("/rules").path("topicId").asText())
              .isEqualTo(stage.writer().topicId());
        });
  }

  @Test
  void aTopicThatIsWrittenAnewBeforeTheAgentSeesItsLossCostsNoRuleAtAnyMoment() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          var next = rules;
          while (next.equals(rules) || next.records().size() != rules.records().size()) {
            next = RandomRuleSets.next(random); // as many records: the same offsets
          }
          stage.enforcedSoon(rules, stage.writer().write(rules));
          var seen = ConcurrentHashMap.<String>newKeySet();
          var watching = new AtomicBoolean(true);
          var watcher =
              Thread.ofPlatform()
                  .start(
                      () -> {
                        while (watching.get()) {
                          seen.add(stage.dump().digest().hex());
                        }
                      });
          STAGES.broker().kill();
          STAGES.broker().wipe();
          STAGES.broker().start();
          stage.writer().begin();
          stage.enforcedSoon(next, stage.writer().write(next));
          watching.set(false);
          watcher.join();
          // what is between them are steps, each proved to let nothing more pass
          assertThat(seen)
              .contains(rules.digest().hex(), next.digest().hex())
              .doesNotContain(RuleSet.EMPTY.digest().hex());
        });
  }

  @Test
  void anAgentThatCrashedInTheMiddleOfAChangeEndsItThoughTheBrokerIsAway() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          stage.enforcedSoon(rules, stage.writer().write(rules));
          stage.agent().killHard();
          STAGES.broker().kill();
          STAGES
              .namespace()
              .load(NftRenderer.replace(RandomRuleSets.next(random), NftRenderer.SWAP_TABLE));
          stage.agent().start();
          await().until(stage.agent()::isReady);
          assertThat(STAGES.namespace().run("", "nft", "list", "tables").orThrow())
              .doesNotContain(NftRenderer.SWAP_TABLE);
          assertThat(stage.dump().digest()).isEqualTo(rules.digest());
          STAGES.broker().start();
          var next = RandomRuleSets.next(random);
          stage.enforcedSoon(next, stage.writer().write(next));
        });
  }

  @Test
  void theLogTellsOfABrokerThatIsAwayAndOfNothingElse() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          var number = stage.writer().write(rules);
          stage.enforcedSoon(rules, number);
          stage.appliedSoon(number);
          var before = stage.agent().log().lines().count();
          STAGES.broker().kill();
          await().until(() -> stage.agent().health("well").status() == 503);
          STAGES.broker().refuseUntilTried(20); // each try is a reason to say it again
          STAGES.broker().start();
          await().until(() -> stage.agent().health("well").status() == 200);
          assertThat(stage.agent().log().lines().skip(before))
              .hasSizeLessThanOrEqualTo(4)
              .noneMatch(line -> line.contains("org.apache.kafka"))
              .anyMatch(line -> line.contains("cannot be read"));
        });
  }
}
