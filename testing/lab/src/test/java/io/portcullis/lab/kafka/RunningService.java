package io.portcullis.lab.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A packaged service as a process in a network namespace. */
final class RunningService implements AutoCloseable {
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String address;
  private final Path log;
  private final Process process;

  /**
   * Starts a service.
   *
   * @param module the module that builds it
   * @param namespace its network namespace
   * @param address the address that its ports listen on
   * @param kafka settings of its Kafka clients, by Kafka's names
   * @param settings other settings, as environment variables
   * @param log the file for its output
   */
  RunningService(
      String module,
      String namespace,
      String address,
      Map<String, String> kafka,
      Map<String, String> settings,
      Path log)
      throws IOException {
    var jar = Path.of("..", "..", module, "target", "quarkus-app", "quarkus-run.jar");
    assertThat(jar).exists();
    this.address = address;
    this.log = log;
    var builder =
        new ProcessBuilder(
                List.of(
                    "ip",
                    "netns",
                    "exec",
                    namespace,
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "-jar",
                    jar.toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment(kafka));
    builder.environment().put("QUARKUS_HTTP_HOST", address);
    builder.environment().put("QUARKUS_MANAGEMENT_HOST", address);
    builder.environment().putAll(settings);
    process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  private static Map<String, String> environment(Map<String, String> kafka) {
    var environment = new HashMap<String, String>();
    kafka.forEach(
        (key, value) ->
            environment.put("KAFKA_" + key.replace('.', '_').toUpperCase(Locale.ROOT), value));
    return environment;
  }

  /** Returns the response of the health endpoint; empty while the service does not answer. */
  String health() {
    return body(9000, "/q/health") + body(9000, "/q/health/well");
  }

  boolean isReady() {
    return status(9000, "/q/health/ready") == 200;
  }

  /** Returns what the main port answers. */
  String answer(String path) {
    return body(8080, path);
  }

  String metrics() {
    return body(9000, "/q/metrics");
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  private String body(int port, String path) {
    try {
      return get(port, path).body();
    } catch (IOException _) {
      return "";
    }
  }

  private int status(int port, String path) {
    try {
      return get(port, path).statusCode();
    } catch (IOException _) {
      return 0;
    }
  }

  private HttpResponse<String> get(int port, String path) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + path))
            .timeout(LONGEST_ANSWER)
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    http.close();
  }

  /** Waits until both health and log contain the text. */
  void awaitText(String text) {
    await().until(() -> health().contains(text) && log().contains(text));
  }

  /** Waits until health names no refusal any more, and checks that the service has not ended. */
  void awaitNoRefusal() {
    await().until(() -> !health().isEmpty() && !health().contains("refuses"));
    assertThat(isAlive()).isTrue();
  }
}
