package io.portcullis.bench.scale;

import io.portcullis.lab.process.Broker;
import io.portcullis.lab.state.FileTree;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * A broker and compilers as processes, each on a loopback address of its own. They end with the
 * thread that created this.
 */
final class ScaleProcesses implements AutoCloseable {
  private static final Pattern OWNED = Pattern.compile("\"ownedShards\":\\s*(\\d+)");
  private static final String AGENTS_HEAP = "1g";
  private static final Duration BROKER_SESSION = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private final Path root = Path.of(System.getProperty("portcullis.root"));
  private final String network =
      "127.%d.%d."
          .formatted(
              ThreadLocalRandom.current().nextInt(1, 250),
              ThreadLocalRandom.current().nextInt(1, 250));
  private final Path home = Files.createTempDirectory("portcullis-scale");
  private final Broker broker = new Broker(home.resolve("kafka"), network + 1, BROKER_SESSION);
  private final Map<String, Process> processes = new HashMap<>();
  private final Map<String, String> settings;
  private final String compilerHeap;
  private final String brokerHeap;

  ScaleProcesses(String brokerHeap, String compilerHeap, Map<String, String> settings)
      throws IOException {
    this.brokerHeap = brokerHeap;
    this.compilerHeap = compilerHeap;
    this.settings = Map.copyOf(settings);
  }

  String bootstrap() {
    return broker.bootstrap();
  }

  void startBroker() throws IOException {
    broker.prepare();
    start(
        "kafka",
        Map.of(),
        java(
            brokerHeap,
            "-cp",
            System.getProperty("java.class.path"),
            "kafka.Kafka",
            broker.settings().toString()));
  }

  /** Starts a compiler; its number determines its address. */
  void startCompiler(int number, String... before) throws IOException {
    var environment = new HashMap<>(settings);
    environment.put("KAFKA_BOOTSTRAP_SERVERS", bootstrap());
    environment.put(
        "PORTCULLIS_WIDE_SETS_FEWEST_NODES",
        Integer.toString(ScaleCluster.FEWEST_NODES_WITH_WIDE_SETS));
    environment.put("QUARKUS_HTTP_HOST", address(number));
    environment.put("QUARKUS_MANAGEMENT_HOST", address(number));
    var jar = root.resolve("compiler-service/target/quarkus-app/quarkus-run.jar");
    var command = new ArrayList<>(List.of(before));
    command.addAll(java(compilerHeap, "-jar", jar.toString()));
    start(compiler(number), environment, command);
  }

  private String address(int number) {
    return network + (10 + number);
  }

  private static String compiler(int number) {
    return "compiler-" + number;
  }

  private static List<String> java(String heap, String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED"));
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  /** Starts the agents of some nodes; a line on their output means that all are restored. */
  Process startAgents(int from, int to) throws IOException {
    var name = "agents-" + from;
    var command =
        java(
            AGENTS_HEAP,
            "-cp",
            System.getProperty("java.class.path"),
            AgentsProcess.class.getName(),
            bootstrap(),
            Integer.toString(from),
            Integer.toString(to));
    start(name, Map.of(), ProcessBuilder.Redirect.PIPE, command);
    return processes.get(name);
  }

  private void start(String name, Map<String, String> environment, List<String> command)
      throws IOException {
    start(name, environment, log(name), command);
  }

  private ProcessBuilder.Redirect log(String name) {
    return ProcessBuilder.Redirect.appendTo(home.resolve(name + ".log").toFile());
  }

  private void start(
      String name,
      Map<String, String> environment,
      ProcessBuilder.Redirect output,
      List<String> command)
      throws IOException {
    var whole = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
    whole.addAll(command);
    var builder = new ProcessBuilder(whole).redirectError(log(name)).redirectOutput(output);
    builder.environment().putAll(environment);
    processes.put(name, builder.start());
  }

  /** Kills a compiler with SIGKILL. */
  void killCompiler(int number) throws InterruptedException {
    kill(compiler(number));
  }

  /** Ends a compiler with SIGTERM; returns when it has ended. */
  void endCompiler(int number) throws InterruptedException {
    var process = processes.remove(compiler(number));
    process.destroy();
    process.waitFor();
  }

  void killBroker() throws InterruptedException {
    kill("kafka");
  }

  private void kill(String name) throws InterruptedException {
    processes.remove(name).destroyForcibly().waitFor();
  }

  /** Returns how many shards a compiler says that it owns; none while it does not answer. */
  int owned(int number) throws InterruptedException {
    var found = OWNED.matcher(management(number, "/q/health/ready"));
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }

  /** Returns the value of a metric without labels; 0 while the compiler does not tell. */
  double metric(int number, String name) throws InterruptedException {
    return management(number, "/q/metrics")
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  /** Returns what a compiler answers; nothing while it is starting. */
  private String management(int number, String path) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + address(number) + ":9000" + path))
            .timeout(ANSWER)
            .build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException _) {
      return "";
    }
  }

  /** Lets the broker run a tenth of the time, until what it returns is closed. */
  SlowedProcess slowBroker() {
    return new SlowedProcess(processes.get("kafka").pid());
  }

  /** Returns the directory of the processes' logs. */
  Path home() {
    return home;
  }

  @Override
  public void close() throws IOException {
    processes.values().forEach(Process::destroyForcibly);
    processes.values().forEach(process -> process.onExit().join());
    FileTree.delete(home);
  }
}
