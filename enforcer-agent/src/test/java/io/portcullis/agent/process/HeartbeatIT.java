package io.portcullis.agent.process;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.nft.GuardLease;
import io.portcullis.ruleset.RandomRuleSets;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** C1: the packaged agent's guard follows the watcher's beat, not the compiler's records. */
class HeartbeatIT {
  @RegisterExtension static final AgentStages STAGES = new AgentStages();

  private static final int OPEN_AFTER_SECONDS = 4;

  @Test
  void c1_aCompilerWithoutAWatcherLetsTheGuardExpire() throws Exception {
    STAGES.inside(
        Map.of("PORTCULLIS_GUARD_OPEN_AFTER", OPEN_AFTER_SECONDS + "s"),
        stage -> {
          var rules = RandomRuleSets.next(new Random(7));
          stage.enforcedSoon(rules, stage.writer().write(rules));
          try (var compiler = new ProgressWriter(STAGES.broker())) {
            await()
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(
                    () -> {
                      compiler.newBeat();
                      assertThat(stage.dump().guard()).isInstanceOf(GuardLease.For.class);
                      assertThat(stage.agent().health("ready").body())
                          .contains("active until", "lastBeat");
                      assertThat(stage.agent().metrics())
                          .contains(
                              "portcullis_agent_guard_active 1.0",
                              "portcullis_agent_guard_dropped");
                    });
            await()
                .pollInterval(Duration.ofMillis(500))
                .until(
                    () -> {
                      compiler.sameBeat();
                      return stage.dump().guard() instanceof GuardLease.None;
                    });
            assertThat(stage.agent().health("ready").body()).contains("open since");
            await()
                .pollInterval(Duration.ofMillis(500))
                .until(
                    () -> {
                      compiler.olderBeat();
                      return stage.dump().guard() instanceof GuardLease.For;
                    });
          }
        });
  }
}
