package io.portcullis.lab.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.portcullis.lab.state.FileTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;

/**
 * Three brokers, each a process and a voter of the quorum, as deploy/kafka/README.md asks for them.
 * They listen with TLS only: with SASL for users, and with client certificates for brokers and
 * other clients that have one. The authorizer refuses whatever is not granted, and logs it.
 */
final class SecuredBrokers implements AutoCloseable {
  static final int COUNT = 3;
  static final String ADMIN = "admin";
  private static final int USERS = 9092;
  private static final int CERTIFICATES = 9192;
  private static final int CONTROLLERS = 9292;
  private static final String MECHANISM = "SCRAM-SHA-512";

  private final Path folder;
  private final String namespace;
  private final String address;
  private final Map<String, String> passwords;
  private final List<Process> processes = new ArrayList<>();

  /**
   * Starts the brokers, and waits until all of them answer.
   *
   * @param folder the directory of their files
   * @param namespace their network namespace
   * @param address the address that all of them share, each with its own ports
   * @param certificates issues their certificates
   * @param passwords the users' passwords, by name
   */
  SecuredBrokers(
      Path folder,
      String namespace,
      String address,
      Certificates certificates,
      Map<String, String> passwords)
      throws IOException {
    this.namespace = namespace;
    this.folder = Files.createDirectories(folder);
    this.address = address;
    this.passwords = new TreeMap<>(passwords);
    Files.writeString(folder.resolve("broker.pem"), certificates.issue("broker", address).both());
    Files.writeString(folder.resolve("trusted.pem"), certificates.trusted());
    Files.writeString(
        folder.resolve("logging.properties"),
        """
        handlers=java.util.logging.ConsoleHandler
        .level=WARNING
        kafka.authorizer.logger.level=INFO
        """);
    var cluster = Uuid.randomUuid().toString();
    for (var id = 1; id <= COUNT; id++) {
      format(id, cluster);
    }
    for (var id = 1; id <= COUNT; id++) {
      processes.add(started(id));
    }
    try (var admin = Admin.create(new HashMap<>(user(ADMIN)))) {
      await().until(() -> admin.describeCluster().nodes().get().size() == COUNT);
    }
  }

  /** Returns the bootstrap address for users with a password. */
  String forUsers() {
    return bootstrap(USERS);
  }

  /** Returns the bootstrap address for clients with a certificate. */
  String forCertificates() {
    return bootstrap(CERTIFICATES);
  }

  private String bootstrap(int first) {
    return ids().mapToObj(id -> address + ":" + (first + id)).collect(Collectors.joining(","));
  }

  private static IntStream ids() {
    return IntStream.rangeClosed(1, COUNT);
  }

  /** Returns the client settings of a user, without the prefix {@code kafka.}. */
  Map<String, String> user(String name) throws IOException {
    return user(name, passwords.get(name));
  }

  Map<String, String> user(String name, String password) throws IOException {
    return Map.of(
        "bootstrap.servers",
        forUsers(),
        "security.protocol",
        "SASL_SSL",
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.certificates",
        Files.readString(folder.resolve("trusted.pem")),
        "sasl.mechanism",
        MECHANISM,
        "sasl.jaas.config",
        "%s required username=\"%s\" password=\"%s\";"
            .formatted(ScramLoginModule.class.getName(), name, password));
  }

  /** Kills one broker with SIGKILL. */
  void kill(int id) {
    var process = processes.get(id - 1);
    process.destroyForcibly().onExit().orTimeout(20, TimeUnit.SECONDS).join();
  }

  void restart(int id) throws IOException {
    processes.set(id - 1, started(id));
  }

  /** Returns what the brokers' authorizers refused to a user. */
  List<String> denials(String principal) throws IOException {
    var denials = new ArrayList<String>();
    for (var id : ids().toArray()) {
      try (Stream<String> lines = Files.lines(log(id))) {
        lines
            .filter(line -> line.contains("Principal = User:" + principal + " is Denied"))
            .forEach(denials::add);
      }
    }
    return denials;
  }

  private Path log(int id) {
    return folder.resolve("broker-" + id + ".log");
  }

  private Process started(int id) throws IOException {
    var process =
        new ProcessBuilder(
                "ip",
                "netns",
                "exec",
                namespace,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.config.file=" + folder.resolve("logging.properties"),
                "-cp",
                System.getProperty("java.class.path"),
                "kafka.Kafka",
                settings(id).toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(id).toFile()))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  private Path settings(int id) {
    return folder.resolve("broker-" + id + ".properties");
  }

  private void format(int id, String cluster) throws IOException {
    Files.writeString(settings(id), text(id));
    var arguments =
        new ArrayList<>(List.of("format", "-t", cluster, "-c", settings(id).toString()));
    passwords.forEach(
        (name, password) ->
            arguments.addAll(
                List.of(
                    "--add-scram",
                    "%s=[name=%s,password=%s]".formatted(MECHANISM, name, password))));
    var said = new ByteArrayOutputStream();
    try (var out = new PrintStream(said)) {
      assertThat(StorageTool.execute(arguments.toArray(String[]::new), out))
          .as(said::toString)
          .isZero();
    }
  }

  private String text(int id) {
    return """
    process.roles=broker,controller
    node.id=%1$d
    controller.quorum.voters=%2$s
    controller.listener.names=CONTROLLERS
    inter.broker.listener.name=CERTIFICATES
    listeners=USERS://%3$s,CERTIFICATES://%4$s,CONTROLLERS://%5$s
    listener.security.protocol.map=USERS:SASL_SSL,CERTIFICATES:SSL,CONTROLLERS:SSL
    listener.name.certificates.ssl.client.auth=required
    listener.name.controllers.ssl.client.auth=required
    listener.name.users.sasl.enabled.mechanisms=%6$s
    listener.name.users.scram-sha-512.sasl.jaas.config=%10$s required;
    ssl.keystore.type=PEM
    ssl.keystore.location=%7$s/broker.pem
    ssl.truststore.type=PEM
    ssl.truststore.location=%7$s/trusted.pem
    authorizer.class.name=%8$s
    super.users=User:CN=broker;User:%9$s
    log.dirs=%7$s/data-%1$d
    log.cleaner.dedupe.buffer.size=2097152
    log.cleaner.threads=1
    num.network.threads=2
    num.io.threads=3
    default.replication.factor=3
    min.insync.replicas=2
    offsets.topic.replication.factor=3
    offsets.topic.num.partitions=2
    transaction.state.log.replication.factor=3
    transaction.state.log.min.isr=2
    transaction.state.log.num.partitions=2
    group.initial.rebalance.delay.ms=0
    broker.session.timeout.ms=3000
    broker.heartbeat.interval.ms=500
    auto.create.topics.enable=false
    """
        .formatted(
            id,
            ids()
                .mapToObj(voter -> voter + "@" + at(CONTROLLERS, voter))
                .collect(Collectors.joining(",")),
            at(USERS, id),
            at(CERTIFICATES, id),
            at(CONTROLLERS, id),
            MECHANISM,
            folder,
            StandardAuthorizer.class.getName(),
            ADMIN,
            ScramLoginModule.class.getName());
  }

  private String at(int first, int id) {
    return address + ":" + (first + id);
  }

  @Override
  public void close() throws IOException {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().orTimeout(20, TimeUnit.SECONDS).join());
    FileTree.delete(folder);
  }
}
