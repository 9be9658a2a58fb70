package io.portcullis.lab.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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
  private static final Duration LONGEST = Duration.ofSeconds(60);

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
  interface Story {
    void tell() throws Exception;
  }

  @BeforeAll
  static void start() throws Exception {
    Awaitility.setDefaultTimeout(LONGEST);
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

  private static void told(Story story) throws Exception {
    inside(
        () -> {
          try {
            story.tell();
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
    told(
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
          assertThat(records("portcullis.sets")).isPositive();
        });
  }

  /** Returns how many records were written, including transaction markers. */
  private static long records(String topic) throws Exception {
    try (var admin = admin()) {
      var described = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
      var ends = new HashMap<TopicPartition, OffsetSpec>();
      described
          .partitions()
          .forEach(p -> ends.put(new TopicPartition(topic, p.partition()), OffsetSpec.latest()));
      return admin.listOffsets(ends).all().get().values().stream()
          .mapToLong(end -> end.offset())
          .sum();
    }
  }

  @Test
  @Order(2)
  void agentReadsItsOwnTopicAndWritesItsOwnAnswersAndNothingElse() throws Exception {
    told(
        () -> {
          var user = client(cluster.brokers().user(SecuredCluster.FIRST_AGENT));
          for (var topic :
              List.of("portcullis.node.node-1", "portcullis.sets", "portcullis.progress")) {
            assertThat(first(user, topic)).isNotNegative();
          }
          for (var topic :
              List.of(
                  "portcullis.node.node-2",
                  "portcullis.cluster",
                  "portcullis.history",
                  "portcullis.applied.node-2")) {
            assertThatThrownBy(() -> first(user, topic))
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
            assertThatThrownBy(() -> write(user, topic))
                .as(topic)
                .hasCauseInstanceOf(TopicAuthorizationException.class);
          }
          assertThat(cluster.brokers().denials(SecuredCluster.FIRST_AGENT)).isNotEmpty();
        });
  }

  /** Returns the offset of the first record. */
  private static long first(Map<String, Object> user, String topic) {
    var partition = new TopicPartition(topic, 0);
    try (var consumer =
        new KafkaConsumer<>(user, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      consumer.poll(Duration.ofMillis(500));
      return consumer.position(partition);
    }
  }

  private static void write(Map<String, Object> user, String topic)
      throws ExecutionException, InterruptedException {
    try (var producer =
        new KafkaProducer<>(user, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, 0, new byte[1], new byte[1])).get();
    }
  }

  private static Map<String, Object> client(Map<String, String> kafka) {
    return new HashMap<>(kafka);
  }

  @Test
  @Order(3)
  void nothingStopsWhenOneOfThreeBrokersIsKilledAndComesBack() throws Exception {
    told(
        () -> {
          await().until(SecuredKafkaIT::everyReplicaIsInSync);
          var leader = clusterLeader();
          cluster.brokers().kill(leader);
          for (var change = 0; change < 5; change++) {
            cluster.changesAreEnforced(1, 2);
          }
          assertThat(clusterLeader()).isNotEqualTo(leader);
          cluster.brokers().restart(leader);
          cluster.changesAreEnforced(1, 2);
          await().until(SecuredKafkaIT::everyReplicaIsInSync);
        });
  }

  private static int clusterLeader() throws Exception {
    var topic = "portcullis.cluster";
    try (var admin = admin()) {
      var described = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
      return described.partitions().getFirst().leader().id();
    }
  }

  private static boolean everyReplicaIsInSync() throws Exception {
    try (var admin = admin()) {
      var topics = admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get();
      return topics.values().stream()
          .flatMap(topic -> topic.partitions().stream())
          .allMatch(
              partition ->
                  partition.replicas().size() == SecuredBrokers.COUNT
                      && partition.isr().size() == SecuredBrokers.COUNT);
    }
  }

  @Test
  @Order(4)
  void agentThatMayNotReadItsTopicSaysSoAndGoesOnWhenItMay() throws Exception {
    told(
        () -> {
          var agent = cluster.agent(1);
          cluster.grants().run("--remove", "agent", "node-1");
          var said =
              "Kafka refuses this user Read of topic portcullis.node.node-1; grant it as"
                  + " deploy/kafka/README.md says";
          says(agent, said);
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
          isWellAgain(agent);
        });
  }

  @Test
  @Order(5)
  void agentThatMayNotAnswerSaysSoAndEnforces() throws Exception {
    told(
        () -> {
          var topic = "portcullis.applied.node-1";
          take(SecuredCluster.FIRST_AGENT, topic);
          cluster.changesAreEnforced(1, 2);
          says(cluster.agent(1), "Write of topic " + topic);
          cluster.grants().run("agent", "node-1");
          isWellAgain(cluster.agent(1));
        });
  }

  @Test
  @Order(6)
  void compilerAndWatcherThatMayNotWriteSaySoAndGoOnWhenTheyMay() throws Exception {
    told(
        () -> {
          take(SecuredCluster.COMPILER, "portcullis.node.");
          cluster.changePolicy();
          says(cluster.compiler(), "Write of topic portcullis.node.node-");
          take(SecuredCluster.WATCHER, "portcullis.cluster");
          cluster.changePolicy();
          says(cluster.watcher(), "Write of topic portcullis.cluster");
          cluster.grants().run("compiler");
          cluster.grants().run("watcher");
          cluster.changesAreEnforced(1, 2);
          isWellAgain(cluster.compiler());
          isWellAgain(cluster.watcher());
        });
  }

  private static void take(String principal, String topic) throws Exception {
    try (var admin = admin()) {
      cluster.grants().take(admin, principal, topic, AclOperation.WRITE);
    }
  }

  private static void says(RunningService service, String said) {
    await().until(() -> service.health().contains(said) && service.log().contains(said));
  }

  private static void isWellAgain(RunningService service) {
    await().until(() -> !service.health().isEmpty() && !service.health().contains("refuses"));
    assertThat(service.isAlive()).isTrue();
  }

  private static Admin admin() throws IOException {
    return Admin.create(client(cluster.brokers().user(SecuredBrokers.ADMIN)));
  }

  @Test
  @Order(7)
  void agentWithAWrongPasswordSaysSoAndGoesOnWhenItIsRight() throws Exception {
    told(
        () -> {
          var user = SecuredCluster.THIRD_AGENT;
          var wrong = "wrong-" + cluster.password(user);
          try (var agent = cluster.agent(3, cluster.brokers().user(user, wrong))) {
            var said = "Kafka refuses this user's name or password";
            says(agent, said);
            assertThat(agent.health() + agent.log()).doesNotContain(wrong);
            try (var admin = admin()) {
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
    told(
        () -> {
          var kafka = new HashMap<>(cluster.brokers().user(SecuredCluster.THIRD_AGENT));
          kafka.put("ssl.truststore.certificates", new Certificates("another").trusted());
          try (var agent = cluster.agent(3, kafka)) {
            var said = "no trust between this service and Kafka's brokers";
            says(agent, said);
            assertThat(agent.log()).contains("KAFKA_SSL_TRUSTSTORE");
          }
        });
  }

  @Test
  @Order(9)
  void topicsOfANodeThatIsGoneAreDeletedByTheCompilersGrants() throws Exception {
    told(
        () -> {
          var topics = List.of("portcullis.node.node-3", "portcullis.applied.node-3");
          var denials = cluster.brokers().denials(SecuredCluster.COMPILER);
          try (var admin = admin()) {
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
    told(
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
    told(
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
