package io.portcullis.topic;

import io.portcullis.Patience;
import io.smallrye.reactive.messaging.kafka.companion.KafkaCompanion;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/**
 * A real broker on loopback, with a folder that is deleted when it is closed. It is a process of
 * its own: one in the tests' process would start no faster, take memory of theirs, and could not be
 * killed.
 */
public final class TestBroker implements AutoCloseable {
  /** Ports below those that the kernel gives to whoever connects, so that none is taken away. */
  private static final int FIRST_PORT = 20_000;

  private static final int LAST_PORT = 32_000;

  /** How much of its log is shown when it does not start. */
  private static final int LINES = 80;

  /** This process's, but for Quarkus, which would hold back what is logged until it has started. */
  private static final String CLASS_PATH =
      Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
          .filter(entry -> !entry.contains("%1$sio%1$squarkus%1$s".formatted(File.separator)))
          .collect(Collectors.joining(File.pathSeparator));

  private static final String LOGGING =
      """
      logger.level=WARN
      logger.handlers=CONSOLE
      handler.CONSOLE=org.jboss.logmanager.handlers.ConsoleHandler
      handler.CONSOLE.properties=autoFlush
      handler.CONSOLE.autoFlush=true
      handler.CONSOLE.formatter=PATTERN
      formatter.PATTERN=org.jboss.logmanager.formatters.PatternFormatter
      formatter.PATTERN.properties=pattern
      formatter.PATTERN.pattern=%d{HH:mm:ss,SSS} %-5p [%c] %s%e%n
      """;

  private final Path folder;
  private final int port = freePort();
  private final int controllerPort = freePort();
  private final int delayedPort = freePort();
  private final int behindDelaysPort = freePort();
  private Optional<Process> process = Optional.empty();

  /** Holds the shared broker, which starts when it is asked for first. */
  private static final class Shared {
    private static final TestBroker BROKER = new TestBroker();

    private Shared() {}
  }

  /** Starts a broker. */
  public TestBroker() {
    try {
      folder = Files.createTempDirectory("portcullis-broker");
      format();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    start();
  }

  /**
   * Returns the broker that all tests of a module share; it ends with their process. Nobody may
   * kill or close it, and each test uses topics and groups of its own.
   */
  public static TestBroker shared() {
    return Shared.BROKER;
  }

  /** Returns what clients need to know of it. */
  public Map<String, Object> settings() {
    return Map.of("bootstrap.servers", bootstrap());
  }

  /** Returns settings of clients whose calls fail only where a test fails. */
  public KafkaSettings patient() {
    return patient(Map.of());
  }

  /** Returns such settings with more of Kafka's own. */
  public KafkaSettings patient(Map<String, Object> more) {
    var all = new HashMap<>(settings());
    all.putAll(more);
    return new KafkaSettings(all).withLongestCall(Patience.LIMIT);
  }

  /** Opens a client for what tests write, read and ask; the caller closes it. */
  public KafkaCompanion companion() {
    var companion = new KafkaCompanion(bootstrap(), Patience.LIMIT);
    companion.setCommonClientConfig(
        Map.of(
            "default.api.timeout.ms", Math.toIntExact(Patience.LIMIT.toMillis()),
            "request.timeout.ms", Math.toIntExact(Patience.LIMIT.toMillis())));
    return companion;
  }

  public String bootstrap() {
    return "127.0.0.1:" + port;
  }

  /** Lets clients that connect to what it returns get some answers late; one at a time. */
  DelayedAnswers delayAnswers() throws IOException {
    return new DelayedAnswers(delayedPort, behindDelaysPort);
  }

  /**
   * Deletes the topics of Portcullis, so that the next test finds none of the last one's. Returns
   * when the broker says so too: it hears of it from its controller, and would still list them.
   */
  public void deleteTopics() {
    deleteTopics("portcullis.");
  }

  /** Deletes the topics whose names begin so, as {@link #deleteTopics()} does. */
  void deleteTopics(String prefix) {
    try (var companion = companion()) {
      companion.topics().delete(topics(companion, prefix));
      Patience.await("the broker knows of no topic " + prefix)
          .until(() -> topics(companion, prefix).isEmpty());
    }
  }

  private static List<String> topics(KafkaCompanion companion, String prefix) {
    return companion.topics().list().stream().filter(name -> name.startsWith(prefix)).toList();
  }

  /** Kills it at once; its data stays. */
  public void kill() {
    process.ifPresent(running -> running.destroyForcibly().onExit().join());
  }

  /** Stands in for the broker that was killed: hangs up on clients until so many have tried. */
  public void refuseUntilTried(int times) throws IOException {
    try (var port = new ServerSocket(this.port, 50, InetAddress.getLoopbackAddress())) {
      for (var tried = 0; tried < times; tried++) {
        port.accept().close();
      }
    }
  }

  /** Stops it without closing anything, as a machine that hangs would, until {@link #goOn}. */
  public void hang() {
    signal("-STOP");
  }

  public void goOn() {
    signal("-CONT");
  }

  private void signal(String signal) {
    try {
      new ProcessBuilder("kill", signal, Long.toString(process.orElseThrow().pid()))
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Deletes its data; only while it is not running. */
  public void wipe() {
    try {
      delete(folder.resolve("data"));
      format();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it and waits until it answers. */
  public void start() {
    try {
      var command = java("kafka.Kafka", folder.resolve("server.properties").toString());
      command.addAll(1, logging());
      var started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("broker.log").toFile()))
              .start();
      process = Optional.of(started);
      awaitPort(started);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> logging() throws IOException {
    var file = folder.resolve("logging.properties");
    Files.writeString(file, LOGGING);
    return List.of(
        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
        "-Dlogging.configuration=" + file.toUri());
  }

  private void awaitPort(Process started) {
    Patience.await("the broker starts").until(() -> !started.isAlive() || isListening());
    if (!started.isAlive()) {
      throw new IllegalStateException("the broker ended when it was started:\n" + endOfLog());
    }
  }

  private boolean isListening() {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private String endOfLog() {
    try {
      var lines = Files.readAllLines(folder.resolve("broker.log"));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private void format() throws IOException {
    var properties = new Properties();
    properties.putAll(
        Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", "1"),
            Map.entry("controller.quorum.bootstrap.servers", "127.0.0.1:" + controllerPort),
            Map.entry(
                "listeners",
                "PLAINTEXT://127.0.0.1:%d,DELAYED://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                    .formatted(port, behindDelaysPort, controllerPort)),
            Map.entry(
                "advertised.listeners",
                "PLAINTEXT://127.0.0.1:%d,DELAYED://127.0.0.1:%d".formatted(port, delayedPort)),
            Map.entry(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,DELAYED:PLAINTEXT,CONTROLLER:PLAINTEXT"),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry("log.dirs", folder.resolve("data").toString()),
            // by default half of the memory that it may take
            Map.entry("log.cleaner.dedupe.buffer.size", "16777216"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("group.min.session.timeout.ms", "1000"),
            // only the next owner ends a transaction that was left open
            Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "3600000"),
            // a broker that was killed may come back only when its session is over
            Map.entry("broker.session.timeout.ms", "3000"),
            Map.entry("broker.heartbeat.interval.ms", "500"),
            Map.entry("auto.create.topics.enable", "false")));
    var file = folder.resolve("server.properties");
    try (var out = Files.newBufferedWriter(file)) {
      properties.store(out, "test broker");
    }
    var told = new ByteArrayOutputStream();
    var failed =
        StorageTool.execute(
            new String[] {
              "format", "--standalone", "-t", Uuid.randomUuid().toString(), "-c", file.toString()
            },
            new PrintStream(told));
    if (failed != 0) {
      throw new IllegalStateException("the broker's folder cannot be made: " + told);
    }
  }

  /** A Java process with this one's class path but for Quarkus. */
  static List<String> java(String main, String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                CLASS_PATH,
                main));
    command.addAll(List.of(arguments));
    return command;
  }

  private static int freePort() {
    while (true) {
      var candidate = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      try (var _ = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
        return candidate;
      } catch (IOException _) {
        // another has it
      }
    }
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (var files = Files.walk(path)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() {
    kill();
    try {
      delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
