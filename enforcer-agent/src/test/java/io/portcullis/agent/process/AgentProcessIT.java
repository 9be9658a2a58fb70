package io.portcullis.agent.process;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The packaged agent as a process, with a real broker and real nftables. */
class AgentProcessIT {
  @RegisterExtension static final AgentStages STAGES = new AgentStages();

  private final Random random = new Random(20);

  @Test
  void versionsAreEnforcedFromTheFirstOnAndOutliveTheAgent() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          var agent = stage.agent();
          await().ignoreExceptions().until(() -> agent.health("live").status() == 200);
          assertThat(agent.health("ready").status()).isEqualTo(503);
          assertThat(agent.rules("/rules", "application/json").status()).isEqualTo(503);

          var first = RandomRuleSets.next(random);
          stage.enforcedSoon(first, stage.writer().write(first));
          var second = RandomRuleSets.next(random);
          var number = stage.writer().write(second);
          stage.enforcedSoon(second, number);
          assertThat(agent.health("ready").body()).contains(second.digest().hex(), "library");
          stage.appliedSoon(number);

          var handle = stage.tableHandle();
          agent.killHard();
          assertThat(stage.dump().digest()).isEqualTo(second.digest());
          agent.start();
          await().until(agent::isReady);
          stage.appliedSoon(number);
          assertThat(stage.tableHandle()).isEqualTo(handle);
          assertThat(agent.rules("/rules").path("records").toString()).contains("causes");

          var third = RandomRuleSets.next(random);
          stage.enforcedSoon(third, stage.writer().write(third));
          assertThat(stage.tableHandle()).isEqualTo(handle); // only what differs was changed
          assertThat(STAGES.namespace().run("", "nft", "list", "tables").orThrow())
              .doesNotContain(NftRenderer.SWAP_TABLE);
          assertThat(agent.metrics())
              .contains("portcullis_agent_version", "portcullis_agent_programming_seconds_count")
              .contains("portcullis_agent_rule_hits_total", "portcullis_agent_hits_total")
              .contains("portcullis_agent_denied_packets_total")
              .contains("portcullis_agent_following 1.0");
        });
  }

  @Test
  void aTableThatIsDeletedByHandIsRepairedAndTold() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          var number = stage.writer().write(rules);
          stage.enforcedSoon(rules, number);
          var agent = stage.agent();
          assertThat(agent.rules("/rules", "text/plain").body())
              .contains("table inet portcullis {", "chain forward");
          assertThat(agent.rules("/rules/kernel", "text/plain").body())
              .contains("table inet portcullis {", "chain forward");
          assertThat(agent.rules("/rules/drift").path("count").asInt()).isZero();
          STAGES.namespace().load("add table ip others");

          stage.changedAndRepaired(NftRenderer.remove(NftRenderer.TABLE), rules);
          var drift = agent.rules("/rules/drift");
          assertThat(drift.path("count").asInt()).isOne();
          assertThat(drift.path("drifts").path(0).path("version").asLong()).isEqualTo(number);
          assertThat(drift.path("drifts").path(0).path("repairMillis").isNumber()).isTrue();
          assertThat(drift.path("drifts").path(0).path("difference").path("table").asText())
              .isEqualTo("MISSING");
          assertThat(agent.metrics()).contains("portcullis_agent_drift_total 1.0");
          assertThat(agent.health("well").status()).isEqualTo(200);
          assertThat(agent.log()).containsOnlyOnce("others changed the table");
          assertThat(STAGES.namespace().run("", "nft", "list", "tables").orThrow())
              .contains("table ip others");

          var next = RandomRuleSets.next(random);
          stage.enforcedSoon(next, stage.writer().write(next));
          STAGES.namespace().load("delete table ip others");
        });
  }

  @Test
  void t14_linksOfPodsAreFoundKeptWithoutAnAgentAndToldInHealth() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          var ip = IpAddress.parse("10.77.0.1");
          var none = Optional.<ChainId>empty();
          var rules = RuleSet.of(List.of(new NodeRecord.Endpoint(ip, "a/b", none, none, none)));
          stage.enforcedSoon(rules, stage.writer().write(rules));
          var agent = stage.agent();
          assertThat(stage.dump().local().links()).isEmpty();

          ip("link add pod7 type veth peer name peer7");
          ip("link set pod7 up");
          ip("route add 10.77.0.1/32 dev pod7");
          await()
              .untilAsserted(
                  () -> assertThat(stage.dump().local().links()).containsExactly("pod7"));
          assertThat(agent.health("ready").body()).contains("1 links of pods");
          assertThat(agent.rules("/rules/drift").path("count").asInt()).isZero();

          agent.killHard();
          assertThat(stage.dump().local().links()).containsExactly("pod7");
          agent.start();
          await()
              .ignoreExceptionsInstanceOf(IOException.class)
              .until(() -> agent.health("well").status() == 200);
          assertThat(stage.dump().local().links()).containsExactly("pod7");
          assertThat(agent.rules("/rules/drift").path("count").asInt()).isZero();

          ip("link delete pod7");
          await().untilAsserted(() -> assertThat(stage.dump().local().links()).isEmpty());

          ip("link add kube-ipvs0 type veth");
          agent.killHard(); // the machine is looked at once a minute, and at the start
          agent.start();
          await()
              .ignoreExceptionsInstanceOf(IOException.class)
              .untilAsserted(
                  () ->
                      assertThat(agent.health("ready").body())
                          .contains("kube-ipvs0", "mode nftables"));
          assertThat(agent.health("ready").status()).isEqualTo(503);
          ip("link delete kube-ipvs0");
        });
  }

  private static int drifts(RunningAgent agent) throws Exception {
    return agent.rules("/rules/drift").path("count").asInt();
  }

  private static void ip(String command) {
    var line = new ArrayList<>(List.of("ip"));
    line.addAll(List.of(command.split(" ")));
    STAGES.namespace().run("", line.toArray(String[]::new)).orThrow();
  }

  @Test
  void whoChangesTheTableAgainAndAgainIsToldOnceAndTheAgentIsNotWell() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          stage.enforcedSoon(rules, stage.writer().write(rules));
          var agent = stage.agent();
          await()
              .untilAsserted(
                  () -> {
                    STAGES.namespace().load(NftRenderer.remove(NftRenderer.TABLE));
                    assertThat(drifts(agent)).isGreaterThanOrEqualTo(4);
                    assertThat(agent.health("well").status()).isEqualTo(503);
                    assertThat(agent.health("well").body()).contains("again and again");
                  });
          assertThat(agent.isReady()).isTrue();
          assertThat(agent.log()).containsOnlyOnce("again and again");
          await().untilAsserted(() -> assertThat(stage.applied().error()).isPresent());
          await()
              .ignoreExceptionsInstanceOf(IllegalStateException.class) // as long as it is away
              .untilAsserted(() -> assertThat(stage.dump().digest()).isEqualTo(rules.digest()));
        });
  }

  @Test
  void aSecondAgentOfTheNodeWaitsForTheFirstToEnd() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          var number = stage.writer().write(rules);
          stage.enforcedSoon(rules, number);
          stage.appliedSoon(number);
          var handle = stage.tableHandle();
          var ports = Map.of("QUARKUS_HTTP_PORT", "8282", "QUARKUS_MANAGEMENT_PORT", "9292");
          try (var second = new RunningAgent(stage.node(), STAGES.broker().bootstrap(), ports)) {
            await()
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(
                    () ->
                        second
                            .get("127.0.0.1:9292", "/q/health/ready", "*/*")
                            .body()
                            .contains("another agent enforces"));
            var readiness = second.get("127.0.0.1:9292", "/q/health/ready", "*/*");
            assertThat(readiness.status()).isEqualTo(503);
            assertThat(second.get("127.0.0.1:9292", "/q/health/live", "*/*").status())
                .isEqualTo(200);
            assertThat(second.log()).containsOnlyOnce("another agent enforces");
            assertThat(stage.tableHandle()).isEqualTo(handle);
            assertThat(stage.applied().error()).isEmpty();

            stage.agent().killHard();
            await()
                .until(
                    () -> second.get("127.0.0.1:9292", "/q/health/ready", "*/*").status() == 200);
            assertThat(stage.tableHandle()).isEqualTo(handle);
            var next = RandomRuleSets.next(random);
            stage.writer().write(next);
            await().untilAsserted(() -> assertThat(stage.dump().digest()).isEqualTo(next.digest()));
          }
        });
  }

  @Test
  void aVersionWithAWrongDigestIsRefusedAndTold() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          var number = stage.writer().write(rules);
          stage.enforcedSoon(rules, number);
          stage.writer().write(RandomRuleSets.next(random), "0".repeat(64));
          await().untilAsserted(() -> assertThat(stage.applied().error()).isPresent());
          assertThat(stage.applied().version()).isEqualTo(number);
          assertThat(stage.applied().error().orElseThrow()).contains("digest");
          assertThat(stage.dump().digest()).isEqualTo(rules.digest());
          assertThat(stage.agent().isReady()).isTrue();
          assertThat(stage.agent().health("well").status()).isEqualTo(503);
          assertThat(stage.agent().metrics())
              .containsPattern("portcullis_agent_refusals_total\\{reason=\"digest\",?} 1.0");

          var next = RandomRuleSets.next(random);
          var nextNumber = stage.writer().write(next);
          stage.enforcedSoon(next, nextNumber);
          stage.appliedSoon(nextNumber);
          assertThat(stage.agent().health("well").status()).isEqualTo(200);
        });
  }

  @Test
  void anObjectThatTheKernelRefusesIsNamedAndTheRestIsEnforced() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          var set = SetId.of(SetKind.NETWORKS, Family.V4, "overlapping");
          var records = new ArrayList<NodeRecord>(List.of(new AddressSet(set, "")));
          for (var range : List.of("10.0.0.0-10.0.0.9", "10.0.0.5-10.0.0.20")) {
            records.add(new Member(set, new Element.Network(IpRange.parse(range))));
          }
          var good = RandomRuleSets.next(random);
          records.addAll(good.records().values());
          var rules = RuleSet.of(records);
          var number = stage.writer().write(rules);
          await().untilAsserted(() -> assertThat(stage.applied().kernelDigest()).isPresent());
          var applied = stage.applied();
          assertThat(applied.version()).isEqualTo(number);
          assertThat(applied.digest()).isEqualTo(rules.digest().hex());
          assertThat(applied.kernelDigest()).contains(good.digest().hex());
          assertThat(applied.error().orElseThrow()).contains("set/" + set);
          assertThat(stage.agent().health("well").body()).contains("set/" + set);
          assertThat(stage.agent().isReady()).isTrue();
          assertThat(stage.dump().digest()).isEqualTo(good.digest());

          var next = RandomRuleSets.next(random);
          var nextNumber = stage.writer().write(next);
          stage.enforcedSoon(next, nextNumber);
          stage.appliedSoon(nextNumber);
          assertThat(stage.agent().health("well").status()).isEqualTo(200);
        });
  }

  @Test
  void aMarkerWithoutItsRecordsIsRefused() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          var rules = RandomRuleSets.next(random);
          stage.enforcedSoon(rules, stage.writer().write(rules));
          stage.writer().writeMarkerOnly(RandomRuleSets.next(random));
          await().untilAsserted(() -> assertThat(stage.applied().error()).isPresent());
          assertThat(stage.dump().digest()).isEqualTo(rules.digest());
        });
  }

  @Test
  void dumpsAreServedOnLoopbackOnlyAndHealthToEverybody() throws Exception {
    STAGES.namespace().run("", "ip", "address", "add", "192.0.2.7/32", "dev", "lo").orThrow();
    STAGES.inside(
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
    STAGES.inside(
        Map.of("PORTCULLIS_ENDPOINT_TOKEN", "secret"),
        stage -> {
          await().ignoreExceptions().until(() -> stage.agent().health("live").status() == 200);
          assertThat(stage.agent().rules("/rules", "text/plain").status()).isEqualTo(401);
          assertThat(stage.agent().rules("/rules/kernel", "text/plain").status()).isEqualTo(401);
        });
  }
}
