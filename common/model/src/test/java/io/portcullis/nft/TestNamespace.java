package io.portcullis.nft;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A network namespace that belongs to one test, with real nftables; needs root. */
public final class TestNamespace implements AutoCloseable {
  private static final Set<TestNamespace> OPEN = ConcurrentHashMap.newKeySet();

  static {
    // removes what an interrupted test has left
    Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(TestNamespace::delete)));
  }

  private final String name = "pc-" + UUID.randomUUID().toString().substring(0, 8);

  private TestNamespace() {}

  public static TestNamespace make() {
    var made = new TestNamespace();
    OPEN.add(made);
    run("", List.of("ip", "netns", "add", made.name)).orThrow();
    return made;
  }

  public String name() {
    return name;
  }

  /** The exit code of a program and what it printed, errors too. */
  public record Ended(int code, String output) {
    public String orThrow() {
      if (code != 0) {
        throw new IllegalStateException("exit code " + code + ": " + output);
      }
      return output;
    }
  }

  /** Returns a command line that runs the command inside the namespace. */
  public List<String> inside(String... command) {
    var line = new ArrayList<>(List.of("ip", "netns", "exec", name));
    line.addAll(List.of(command));
    return line;
  }

  public Ended run(String input, String... command) {
    return run(input, inside(command));
  }

  /** Loads a transaction. */
  public void load(String transaction) {
    run(transaction, "nft", "-f", "-").orThrow();
  }

  /** Returns the listing of a table, which {@link DumpReader#read} reads. */
  public String listing(String table) {
    return run("", "nft", "-j", "list", "table", "inet", table).orThrow();
  }

  private static Ended run(String input, List<String> command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var output =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return process.getInputStream().readAllBytes();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("does not end: " + command);
      }
      return new Ended(process.exitValue(), new String(output.join(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private Ended delete() {
    return run("", List.of("ip", "netns", "delete", name));
  }

  @Override
  public void close() {
    OPEN.remove(this);
    delete().orThrow();
  }
}
