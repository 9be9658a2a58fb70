package io.portcullis.bench.chaos;

import io.portcullis.lab.network.NamespaceProgram;
import io.portcullis.nft.DumpReader;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.NftRenderer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Follows the transactions of a node's kernel with {@code nft monitor}, independently of its agent.
 * All output is kept in a file.
 */
public final class KernelWatch implements AutoCloseable {
  private static final String END_OF_TRANSACTION = "# new generation ";
  private static final Duration START = Duration.ofSeconds(10);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  private final String node;
  private final String namespace;
  private final Timeline timeline = new Timeline();
  private final AtomicLong transactions = new AtomicLong();
  private final Process process;
  private volatile Optional<String> trouble = Optional.empty();
  private volatile boolean listening;
  private volatile boolean closed;

  /**
   * Starts to listen. The program ends with the calling thread at the latest.
   *
   * @param node the node
   * @param namespace its network namespace
   * @param log the file for the output
   */
  public KernelWatch(String node, String namespace, Path log)
      throws IOException, InterruptedException {
    this.node = node;
    this.namespace = namespace;
    this.process =
        new ProcessBuilder(
                "setpriv",
                "--pdeathsig",
                "KILL",
                "ip",
                "netns",
                "exec",
                namespace,
                "nft",
                "monitor")
            .redirectErrorStream(true)
            .start();
    Thread.ofPlatform().name("kernel-" + node).daemon().start(() -> listen(log));
    awaitListening();
    timeline.begin(stamp(), micros());
    listening = true;
  }

  /** Waits until the monitor reports a table that is created and deleted for this purpose. */
  private void awaitListening() throws InterruptedException {
    var until = System.nanoTime() + START.toNanos();
    while (transactions.get() == 0) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException(
            node + ": nft monitor prints nothing " + trouble.orElse(""));
      }
      NamespaceProgram.run(namespace, "", "nft", "add table inet chaos; delete table inet chaos");
      TimeUnit.NANOSECONDS.sleep(BETWEEN_TRIES.toNanos());
    }
  }

  private Optional<Timeline.Stamped> stamp() throws InterruptedException {
    return dump(namespace)
        .flatMap(NftDump::stamp)
        .map(stamp -> new Timeline.Stamped(stamp.version(), stamp.digest(), micros()));
  }

  /** Returns what a node's kernel holds; empty if our table is missing. */
  public static Optional<NftDump> dump(String namespace) throws InterruptedException {
    var tables = NamespaceProgram.run(namespace, "", "nft", "list", "tables", "inet");
    if (tables.lines().noneMatch(("table inet " + NftRenderer.TABLE)::equals)) {
      return Optional.empty();
    }
    return Optional.of(
        DumpReader.read(
            NamespaceProgram.run(
                namespace, "", "nft", "-j", "list", "table", "inet", NftRenderer.TABLE)));
  }

  private void listen(Path log) {
    try (var lines = process.inputReader();
        var out = new PrintWriter(Files.newBufferedWriter(log))) {
      read(lines, out);
    } catch (IOException | UncheckedIOException e) {
      trouble = Optional.of(e.toString());
    }
  }

  private void read(BufferedReader lines, PrintWriter out) throws IOException {
    var transaction = new ArrayList<String>();
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      var heard = micros();
      out.println(heard + " " + line);
      if (!line.startsWith(END_OF_TRANSACTION)) {
        transaction.add(line);
        continue;
      }
      out.flush();
      if (listening) {
        timeline.add(List.copyOf(transaction), heard);
      }
      transaction.clear();
      transactions.incrementAndGet();
    }
    if (!closed) {
      trouble = Optional.of("nft monitor ended: " + String.join(" ", transaction));
    }
  }

  public Timeline timeline() {
    return timeline;
  }

  /** Returns why not all transactions were seen, if so. */
  public Optional<String> trouble() {
    return trouble.map(reason -> node + ": " + reason);
  }

  private static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  @Override
  public void close() {
    closed = true;
    process.destroy();
  }
}
