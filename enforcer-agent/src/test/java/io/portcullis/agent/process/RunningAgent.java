package io.portcullis.agent.process;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged agent as a process, in the network namespace of the thread that starts it. */
final class RunningAgent implements AutoCloseable {
  /** What it is built as. */
  enum Form {
    JVM(
        Path.of("target", "quarkus-app", "quarkus-run.jar"),
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-jar"),
        List.of()),
    NATIVE(
        Path.of("target", "native", "enforcer-agent-runner"),
        List.of(),
        List.of("-Xmx96m", "-Xmn4m"));

    private final Path program;
    private final List<String> command;

    Form(Path program, List<String> before, List<String> after) {
      this.program = program;
      this.command =
          Stream.of(before, List.of(program.toString()), after).flatMap(List::stream).toList();
    }

    /** The one that all process tests are to run with: the system property of that name. */
    static Form asked() {
      return valueOf(System.getProperty("portcullis.agent.form", "jvm").toUpperCase(Locale.ROOT));
    }

    boolean isMade() {
      return Files.exists(program);
    }
  }

  private final HttpClient http = HttpClient.newHttpClient();
  private final ProcessBuilder builder;
  private final Path log;
  private final Path state;
  private Process process;

  RunningAgent(String node, String bootstrap, Map<String, String> settings) throws IOException {
    this(Form.asked(), node, bootstrap, settings);
  }

  RunningAgent(Form form, String node, String bootstrap, Map<String, String> settings)
      throws IOException {
    if (!form.isMade()) {
      throw new IllegalStateException("not packaged: " + form.program.toAbsolutePath());
    }
    log = Files.createTempFile("agent", ".log");
    state = Files.createTempDirectory("agent-state");
    builder =
        new ProcessBuilder(form.command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("PORTCULLIS_NODE_NAME", node);
    builder.environment().put("PORTCULLIS_STATE", state.toString());
    builder.environment().put("KAFKA_BOOTSTRAP_SERVERS", bootstrap);
    builder.environment().putAll(settings);
    start();
  }

  void start() throws IOException {
    process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** Starts with other settings than before. */
  void startWith(Map<String, String> settings) throws IOException {
    builder.environment().putAll(settings);
    start();
  }

  void killHard() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where it keeps what it enforces. */
  Path state() {
    return state;
  }

  /** The time of processors that it has taken. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** What it holds of memory. */
  long residentKibibytes() throws IOException {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** A status with the body. */
  record Answer(int status, String body) {
    JsonNode json() throws IOException {
      return Json.mapper().readTree(body);
    }
  }

  Answer rules(String path, String accept) throws Exception {
    return get("127.0.0.1:8080", path, accept);
  }

  JsonNode rules(String path) throws Exception {
    return rules(path, "application/json").json();
  }

  /** Whether it answers that it is ready; false too as long as it does not answer. */
  boolean isReady() throws Exception {
    try {
      return health("ready").status() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  Answer health(String kind) throws Exception {
    return get("127.0.0.1:9000", "/q/health/" + kind, "application/json");
  }

  String metrics() throws Exception {
    return get("127.0.0.1:9000", "/q/metrics", "text/plain").body();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  Answer get(String where, String path, String accept) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + where + path))
            .header("Accept", accept)
            .build();
    var response = http.send(request, HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.body());
  }

  @Override
  public void close() throws IOException {
    killHard();
    http.close();
    Files.delete(log);
    try (var files = Files.list(state)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(state);
  }
}
