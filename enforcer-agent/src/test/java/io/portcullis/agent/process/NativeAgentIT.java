package io.portcullis.agent.process;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The agent as a native image, with a real broker and real nftables. */
class NativeAgentIT {
  @RegisterExtension static final AgentStages STAGES = new AgentStages();
  private static final int ELEMENTS = 10_000;
  private static final int STARTS = 7;

  /** A version of a node, and its agent. */
  private interface Story {
    void tell(AgentStage stage) throws Exception;
  }

  @BeforeEach
  void onlyWhereImagesAreMade() {
    assumeTrue(System.getenv("GRAALVM_HOME") != null, "GRAALVM_HOME is not set");
    assumeTrue(
        RunningAgent.Form.NATIVE.isMade(),
        "there is no image: ./portcullis build --native makes it");
  }

  private static void inside(String node, Story story) throws Exception {
    InsideNamespace.call(
        STAGES.namespace().name(),
        () -> {
          try (var writer = new NodeWriter(STAGES.broker().settings(), node);
              var agent =
                  new RunningAgent(
                      RunningAgent.Form.NATIVE, node, STAGES.broker().bootstrap(), Map.of())) {
            try {
              story.tell(new AgentStage(node, STAGES.namespace(), STAGES.broker(), writer, agent));
            } catch (Exception | AssertionError e) {
              e.addSuppressed(new IllegalStateException("the agent's log:\n" + agent.log()));
              throw e;
            }
          }
          return null;
        });
  }

  @Test
  void itIsReadyAfterEachStartWithAnEmptyRuleSet() throws Exception {
    inside(
        "empty.example",
        stage -> {
          stage.enforcedSoon(RuleSet.EMPTY, stage.writer().write(RuleSet.EMPTY));
          var took = new ArrayList<Long>();
          for (var i = 0; i < STARTS; i++) {
            stage.agent().killHard();
            var begun = System.nanoTime();
            stage.agent().start();
            await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(stage.agent()::isReady);
            took.add(Duration.ofNanos(System.nanoTime() - begun).toMillis());
          }
          assertThat(stage.dump().digest()).isEqualTo(RuleSet.EMPTY.digest());
          took.sort(null);
          System.out.println("native.agent.ready " + took + " ms");
        });
  }

  @Test
  void tenThousandElementsAreEnforcedAgainAfterARestart() throws Exception {
    inside(
        "large.example",
        stage -> {
          var rules = large();
          var number = stage.writer().write(rules);
          stage.enforcedSoon(rules, number);
          stage.appliedSoon(number);
          System.out.println(
              "native.agent.resident.with_dumps " + stage.agent().residentKibibytes() + " KiB");
          stage.agent().killHard();
          stage.agent().start();
          await().until(stage.agent()::isReady);
          stage.appliedSoon(number);
          assertThat(stage.dump().digest()).isEqualTo(rules.digest());
          System.out.println("native.agent.resident " + stage.agent().residentKibibytes() + " KiB");
        });
  }

  private static RuleSet large() {
    var set = SetId.of(SetKind.HOSTS, Family.V4, "large");
    var records = new ArrayList<NodeRecord>(List.of(new AddressSet(set, "")));
    for (var i = 0; i < ELEMENTS; i++) {
      var ip = IpAddress.parse("10.%d.%d.%d".formatted(i >> 16, i >> 8 & 0xff, i & 0xff));
      records.add(new Member(set, new Element.Host(ip)));
    }
    return RuleSet.of(records);
  }
}
