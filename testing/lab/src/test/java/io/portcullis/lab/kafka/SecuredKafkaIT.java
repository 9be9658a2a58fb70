package io.portcullis.lab.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.portcullis.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the packaged services with three brokers that accept only TLS, SASL and granted operations.
 * All tests share one cluster, since its start takes the time, and each leaves it working; they run
 * in order.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecuredKafkaIT {

  /**
   * The loggers of the clients and of the tool that formats brokers. The references keep their
   * levels from being garbage-collected.
   */
  static final List<Logger> QUIET =
      List.of(Logger.getLogger("kafka"), Logger.getLogger("org.apache.kafka"));

  @TempDir static Path folder;

  private static ClusterNetwork network;
  private static SecuredCluster cluster;

  /** The work of a test, which runs where the brokers are. */
  interface Steps {
    void run() throws Exception;
  }

  @BeforeAll
  static void start() throws Exception {
    Awaitility.setDefaultTimeout(Patience.LIMIT);
    Awaitility.setDefaultPollInterval(Duration.ofMillis(200));
    Awaitility.pollInSameThread();
    network = new ClusterNetwork(3);
    QUIET.forEach(logger -> logger.setLevel(Level.OFF));
    cluster =
        inside(() -> new SecuredCluster(Files.createDirectory(folder.resolve("cluster")), network));
  }

  @AfterAll
  static void end() throws Exception {
    Awaitility.reset();
    if (cluster != null) {
      cluster.close();
    }
    network.close();
  }

  private static <T> T inside(Callable<T> work) throws Exception {
    return SecuredCluster.inside(network.hub(), work);
  }

  private static void run(Steps steps) throws Exception {
    inside(
        () -> {
          try {
            steps.run();
          } catch (Exception | AssertionError e) {
            for (var service : cluster.services()) {
              e.addSuppressed(new IllegalStateException(service.log()));
            }
            throw e;
          }
          return null;
        });
  }

  @Test
  @Order(1)
  void servicesWorkWithPasswordAndWithCertificateAndAskForNothingThatIsNotGranted()
      throws Exception {
    run(
        () -> {
          cluster.changesAreEnforced(1, 2);
          for (var service : cluster.services()) {
            await()
                .until(
                    () ->
                        service.health().contains("\"UP\"")
                            && !service.health().contains("\"DOWN\""));
          }
          for (var principal :
              List.of(
                  SecuredCluster.WATCHER,
                  SecuredCluster.COMPILER,
                  SecuredCluster.FIRST_AGENT,
                  SecuredCluster.SECOND_AGENT)) {
            assertThat(cluster.brokers().denials(principal)).isEmpty();
          }
          assertThat(administrator().records("portcullis.sets")).isPositive();
        });
  }

  @Test
  @Order(2)
  void agentReadsItsOwnTopicAndWritesItsOwnAnswersAndNothingElse() throws Exception {
    run(
        () -> {
          var user = new KafkaUser(cluster.brokers().user(SecuredCluster.FIRST_AGENT));
          for (var topic :
              List.of("portcullis.node.node-1", "portcullis.sets", "portcullis.progress")) {
            assertThat(user.first(topic)).isNotNegative();
          }
          for (var topic :
              List.of(
                  "portcullis.node.node-2",
                  "portcullis.cluster",
                  "portcullis.history",
                  "portcullis.applied.node-2")) {
            assertThatThrownBy(() -> user.first(topic))
                .as(topic)
                .isInstanceOf(TopicAuthorizationException.class);
          }
          for (var topic :
              List.of(
                  "portcullis.node.node-1",
                  "portcullis.sets",
                  "portcullis.progress",
                  "portcullis.applied.node-2",
                  "portcullis.cluster")) {
            assertThatThrownBy(() -> user.write(topic))
                .as(topic)
                .hasCauseInstanceOf(TopicAuthorizationException.class);
          }
          assertThat(cluster.brokers().denials(SecuredCluster.FIRST_AGENT)).isNotEmpty();
        });
  }

  @Test
  @Order(3)
  void nothingStopsWhenOneOfThreeBrokersIsKilledAndComesBack() throws Exception {
    run(
        () -> {
          var administrator = administrator();
          await().until(administrator::everyReplicaIsInSync);
          var leader = administrator.clusterLeader();
          cluster.brokers().kill(leader);
          for (var change = 0; change < 5; change++) {
            cluster.changesAreEnforced(1, 2);
          }
          assertThat(administrator.clusterLeader()).isNotEqualTo(leader);
          cluster.brokers().restart(leader);
          cluster.changesAreEnforced(1, 2);
          await().until(administrator::everyReplicaIsInSync);
        });
  }

  @Test
  @Order(4)
  void agentThatMayNotReadItsTopicSaysSoAndGoesOnWhenItMay() throws Exception {
    run(
        () -> {
          var agent = cluster.agent(1);
          cluster.grants().run("--remove", "agent", "node-1");
          var said =
              "Kafka refuses this user Read of topic portcullis.node.node-1; grant it as"
                  + " deploy/kafka/README.md says";
          agent.awaitText(said);
          var before = cluster.brokers().denials(SecuredCluster.FIRST_AGENT).size();
          Thread.sleep(4_000);
          assertThat(cluster.brokers().denials(SecuredCluster.FIRST_AGENT).size() - before)
              .isLessThan(10);
          assertThat(agent.isReady()).isTrue();
          var changed = cluster.changePolicy();
          await().until(() -> cluster.isEnforced(2, changed));
          assertThat(cluster.isEnforced(1, changed)).isFalse();
          cluster.grants().run("agent", "node-1");
          await().until(() -> cluster.isEnforced(1, changed));
          agent.awaitNoRefusal();
        });
  }

  @Test
  @Order(5)
  void agentThatMayNotAnswerSaysSoAndEnforces() throws Exception {
    run(
        () -> {
          var topic = "portcullis.applied.node-1";
          take(SecuredCluster.FIRST_AGENT, topic);
          cluster.changesAreEnforced(1, 2);
          cluster.agent(1).awaitText("Write of topic " + topic);
          cluster.grants().run("agent", "node-1");
          cluster.agent(1).awaitNoRefusal();
        });
  }

  @Test
  @Order(6)
  void compilerAndWatcherThatMayNotWriteSaySoAndGoOnWhenTheyMay() throws Exception {
    run(
        () -> {
          take(SecuredCluster.COMPILER, "portcullis.node.");
          cluster.changePolicy();
          cluster.compiler().awaitText("Write of topic portcullis.node.node-");
          take(SecuredCluster.WATCHER, "portcullis.cluster");
          cluster.changePolicy();
          cluster.watcher().awaitText("Write of topic portcullis.cluster");
          cluster.grants().run("compiler");
          cluster.grants().run("watcher");
          cluster.changesAreEnforced(1, 2);
          cluster.compiler().awaitNoRefusal();
          cluster.watcher().awaitNoRefusal();
        });
  }

  private static KafkaUser administrator() throws IOException {
    return new KafkaUser(cluster.brokers().user(SecuredBrokers.ADMIN));
  }

  private static void take(String principal, String topic) throws Exception {
    try (var admin = administrator().admin()) {
      cluster.grants().take(admin, principal, topic, AclOperation.WRITE);
    }
  }

  @Test
  @Order(7)
  void agentWithAWrongPasswordSaysSoAndGoesOnWhenItIsRight() throws Exception {
    run(
        () -> {
          var user = SecuredCluster.THIRD_AGENT;
          var wrong = "wrong-" + cluster.password(user);
          try (var agent = cluster.agent(3, cluster.brokers().user(user, wrong))) {
            var said = "Kafka refuses this user's name or password";
            agent.awaitText(said);
            assertThat(agent.health() + agent.log()).doesNotContain(wrong);
            try (var admin = administrator().admin()) {
              var scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
              admin
                  .alterUserScramCredentials(
                      List.of(new UserScramCredentialUpsertion(user, scram, wrong)))
                  .all()
                  .get();
            }
            cluster.changesAreEnforced(3);
          }
        });
  }

  @Test
  @Order(8)
  void agentThatDoesNotTrustTheBrokersSaysSo() throws Exception {
    run(
        () -> {
          var kafka = new HashMap<>(cluster.brokers().user(SecuredCluster.THIRD_AGENT));
          kafka.put("ssl.truststore.certificates", new Certificates("another").trusted());
          try (var agent = cluster.agent(3, kafka)) {
            var said = "no trust between this service and Kafka's brokers";
            agent.awaitText(said);
            assertThat(agent.log()).contains("KAFKA_SSL_TRUSTSTORE");
          }
        });
  }

  @Test
  @Order(9)
  void topicsOfANodeThatIsGoneAreDeletedByTheCompilersGrants() throws Exception {
    run(
        () -> {
          var topics = List.of("portcullis.node.node-3", "portcullis.applied.node-3");
          var denials = cluster.brokers().denials(SecuredCluster.COMPILER);
          try (var admin = administrator().admin()) {
            assertThat(admin.listTopics().names().get()).containsAll(topics);
            cluster.removeThirdNode();
            await()
                .untilAsserted(
                    () ->
                        assertThat(admin.listTopics().names().get())
                            .doesNotContainAnyElementsOf(topics));
          }
          assertThat(cluster.brokers().denials(SecuredCluster.COMPILER)).isEqualTo(denials);
        });
  }

  @Test
  @Order(10)
  void loginThatCannotBeParsedIsNotQuoted() throws Exception {
    run(
        () -> {
          var kafka = new HashMap<>(cluster.brokers().user(SecuredCluster.COMPILER, "pass\"w0rd"));
          try (var compiler = cluster.compiler("127.0.0.3", kafka)) {
            await().until(() -> !compiler.isAlive());
            assertThat(compiler.log()).contains("KAFKA_SASL_JAAS_CONFIG").doesNotContain("w0rd");
          }
          try (var agent = cluster.agent(3, kafka)) {
            await().until(() -> agent.health().contains("KAFKA_SASL_JAAS_CONFIG"));
            assertThat(agent.health() + agent.log()).doesNotContain("w0rd");
          }
        });
  }

  @Test
  @Order(11)
  void noSecretIsEverSaid() throws Exception {
    run(
        () -> {
          var said = new ArrayList<String>();
          for (var service : cluster.services()) {
            said.add(service.log());
            said.add(service.health());
            said.add(service.metrics());
          }
          for (var path : List.of("/rules", "/rules/kernel", "/rules/drift")) {
            said.add(cluster.agent(1).answer(path));
            said.add(cluster.agent(2).answer(path));
          }
          said.add(cluster.watcher().answer("/problems"));
          said.add(cluster.compiler().answer("/rulesets"));
          assertThat(String.join("", said)).contains("version").hasSizeGreaterThan(10_000);
          for (var secret : cluster.secrets()) {
            assertThat(said).noneMatch(text -> text.contains(secret));
          }
        });
  }
}
