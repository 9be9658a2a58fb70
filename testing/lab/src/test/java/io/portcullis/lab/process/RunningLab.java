package io.portcullis.lab.process;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.Patience;
import io.portcullis.json.Json;
import io.portcullis.lab.network.TestNetwork;
import io.portcullis.lab.state.WholeFile;
import io.portcullis.nft.DumpReader;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The lab as a process, started as its command starts it, with manifests that a test may change.
 */
public final class RunningLab implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private final Process process;

  private RunningLab(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
  }

  /**
   * Starts a lab on its default manifests and waits until it runs.
   *
   * @param folder the directory of its files
   * @param more further arguments
   */
  static RunningLab start(Path folder, String... more) throws IOException {
    return start(folder, Map.of(), more);
  }

  /**
   * Starts a lab with settings and waits until it runs.
   *
   * @param folder the directory of its files
   * @param settings environment variables of its services
   * @param more further arguments
   */
  static RunningLab start(Path folder, Map<String, String> settings, String... more)
      throws IOException {
    copyDefaultManifests(folder);
    Files.deleteIfExists(
        folder.resolve("state").resolve("lab.json")); // left by a lab that was killed
    var arguments =
        new ArrayList<>(
            List.of(
                "lab",
                "--manifests",
                folder.resolve("manifests").toString(),
                "--state",
                folder.resolve("state").toString()));
    arguments.addAll(List.of(more));
    var command =
        command(arguments.toArray(String[]::new))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("screen").toFile());
    command.environment().putAll(settings);
    var lab = new RunningLab(folder, command.start());
    await()
        .atMost(Patience.LIMIT)
        .until(() -> !lab.process.isAlive() || Files.exists(lab.state().resolve("lab.json")));
    if (!lab.process.isAlive()) {
      throw new AssertionError("the lab ended: " + lab.screen());
    }
    return lab;
  }

  static void copyDefaultManifests(Path folder) throws IOException {
    var manifests = Files.createDirectories(folder.resolve("manifests"));
    try (var files = Files.newDirectoryStream(Path.of("manifests"))) {
      for (var file : files) {
        Files.copy(
            file, manifests.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Returns the project's root directory. */
  static Path root() {
    return Path.of("..", "..").toAbsolutePath().normalize();
  }

  /** Returns the command line of the packaged lab. */
  public static ProcessBuilder command(String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dportcullis.root=" + root(),
                "-cp",
                Path.of("target", "lab.jar")
                    + ":"
                    + Files.readString(Path.of("target", "classpath")).strip(),
                "io.portcullis.lab.Main"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  Path state() {
    return folder.resolve("state");
  }

  /** Saves a manifest by renaming, as an editor does. */
  void save(String name, String text) throws IOException {
    WholeFile.write(folder.resolve("manifests").resolve(name), folder.resolve(name), text);
  }

  JsonNode json() throws IOException {
    return Json.mapper().readTree(Files.readAllBytes(state().resolve("lab.json")));
  }

  long pid(String program) throws IOException {
    return json().path("pids").path(program).asLong();
  }

  /** Returns the management URL of a watcher. */
  String management(String watcher) throws IOException {
    var first = URI.create(json().path("watcher").asText()).getHost();
    var place = first.lastIndexOf('.') + 1;
    var index = Integer.parseInt(watcher.substring(watcher.indexOf('-') + 1));
    var host = Integer.parseInt(first.substring(place)) + index;
    return "http://" + first.substring(0, place) + host + ":9000";
  }

  /** Returns what the lab has printed. */
  String screen() throws IOException {
    return Files.readString(folder.resolve("screen"));
  }

  /** Returns the rules in a node's kernel; empty if our table is missing. */
  Optional<RuleSet> kernel(String node) throws IOException {
    var nft = nft(node, "-j", "list", "table", "inet", NftRenderer.TABLE);
    return nft.map(listing -> DumpReader.read(listing).rules());
  }

  /** Returns the output of nft in a node's namespace; empty if it fails. */
  Optional<String> nft(String node, String... arguments) throws IOException {
    var netns = json().path("nodes").path(node).path("netns").asText();
    var command = new ArrayList<>(List.of("nft"));
    command.addAll(List.of(arguments));
    try {
      return Optional.of(TestNetwork.in(netns, "", command.toArray(String[]::new)));
    } catch (AssertionError _) {
      return Optional.empty();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /** Returns the digest that a node's agent gives for {@code /rules} or {@code /rules/kernel}. */
  String digest(String node, String path) throws Exception {
    return get(json().path("nodes").path(node).path("agent").asText() + path)
        .path("digest")
        .asText();
  }

  JsonNode get(String url) throws Exception {
    var response =
        http.send(
            HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    return Json.mapper().readTree(response.body());
  }

  /** Ends the lab with a signal, and returns its exit code. */
  int end(boolean hard) throws InterruptedException {
    if (hard) {
      process.destroyForcibly();
    } else {
      process.destroy();
    }
    if (!process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the lab does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    try {
      end(false);
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    http.close();
  }
}
