package io.portcullis.lab.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/**
 * A real Kafka broker with one node that is its own controller. If its data directory is missing at
 * a start it is formatted, so that tests can try the loss of all data.
 */
public final class Broker {
  public static final String NAME = "kafka";
  private static final int PORT = 9092;
  private static final int CONTROLLER_PORT = 9093;

  private final Path home;
  private final String address;
  private final String sessionMillis;

  /**
   * Prepares a broker.
   *
   * @param home the directory of its settings and data
   * @param address the address that it listens on
   */
  public Broker(Path home, String address) {
    this(home, address, Duration.ofSeconds(1));
  }

  /**
   * Prepares a broker with a session timeout.
   *
   * @param home the directory of its settings and data
   * @param address the address that it listens on
   * @param session the time without a heartbeat after which the controller fences the broker; on a
   *     loaded machine a short one causes outages
   */
  public Broker(Path home, String address, Duration session) {
    this.home = home;
    this.address = address;
    this.sessionMillis = Long.toString(session.toMillis());
  }

  /** Returns the address for clients, as {@code host:port}. */
  public String bootstrap() {
    return address + ":" + PORT;
  }

  public Program program(String namespace, Path log) {
    return new Program(
        NAME,
        namespace,
        JavaCommand.of(
            "256m",
            "-cp",
            System.getProperty("java.class.path"),
            "kafka.Kafka",
            settings().toString()),
        Map.of(),
        log,
        this::prepare);
  }

  /** Returns the settings file that the broker is started with. */
  public Path settings() {
    return home.resolve("server.properties");
  }

  /** Creates what the broker needs to start. */
  public void prepare() throws IOException {
    Files.createDirectories(home);
    Files.writeString(settings(), properties());
    if (!Files.exists(home.resolve("data").resolve("meta.properties"))) {
      format();
    }
  }

  private String properties() {
    return Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", "1"),
            Map.entry("controller.quorum.bootstrap.servers", address + ":" + CONTROLLER_PORT),
            Map.entry(
                "listeners",
                "PLAINTEXT://" + bootstrap() + ",CONTROLLER://" + address + ":" + CONTROLLER_PORT),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry("log.dirs", home.resolve("data").toString()),
            Map.entry("log.cleaner.dedupe.buffer.size", "16777216"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // a broker that was killed can register again only when its session has run out
            Map.entry("broker.heartbeat.interval.ms", "200"),
            Map.entry("broker.session.timeout.ms", sessionMillis),
            Map.entry("auto.create.topics.enable", "false"))
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private void format() throws IOException {
    var said = new ByteArrayOutputStream();
    var arguments =
        List.of(
            "format",
            "--standalone",
            "--ignore-formatted",
            "-t",
            Uuid.randomUuid().toString(),
            "-c",
            settings().toString());
    int status;
    try (var out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      status = kafka.tools.StorageTool.execute(arguments.toArray(String[]::new), out);
    }
    if (status != 0) {
      throw new IOException(
          "Kafka's data directory could not be formatted: "
              + said.toString(StandardCharsets.UTF_8).strip());
    }
  }
}
