package io.portcullis.bench.network;

import io.portcullis.lab.network.NamespaceProgram;
import io.portcullis.lab.network.NamespaceThreads;
import io.portcullis.lab.network.NetworkException;
import io.portcullis.lab.network.ShortProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/**
 * A network namespace with a random name, which is removed with the benchmark, even if that is
 * interrupted.
 */
public final class Namespace implements AutoCloseable {
  private static final Path SETTINGS = Path.of("/proc/sys/net");

  private final String name =
      prefix(ProcessHandle.current().pid()) + UUID.randomUUID().toString().substring(0, 8);
  private boolean closed;

  private Namespace() {}

  /**
   * Creates a namespace.
   *
   * @throws NetworkException if the kernel refuses
   */
  public static Namespace make() throws InterruptedException {
    var made = new Namespace();
    Runtime.getRuntime().addShutdownHook(new Thread(made::removeAtEnd, "remove " + made.name));
    made.add();
    return made;
  }

  /** Returns the prefix of the names of all namespaces of a process. */
  public static String prefix(long pid) {
    return "pcb-" + pid + "-";
  }

  private synchronized void add() throws InterruptedException {
    ShortProgram.run(List.of("ip", "netns", "add", name), "");
  }

  public String name() {
    return name;
  }

  /** Moves the calling thread into the namespace, for good. */
  public void enter() {
    NamespaceThreads.enter(name);
  }

  /** Runs the code on a thread inside the namespace, and returns its result. */
  public <T> T call(Callable<T> code) throws InterruptedException {
    try {
      return NamespaceThreads.call(
          name,
          () -> {
            enter();
            return code.call();
          });
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
    }
  }

  /** Runs {@code ip} commands inside the namespace. */
  void ip(List<String> lines) throws InterruptedException {
    ShortProgram.run(List.of("ip", "-n", name, "-batch", "-"), String.join("\n", lines) + "\n");
  }

  /** Loads a transaction with the {@code nft} program. */
  void nft(String transaction) throws InterruptedException {
    NamespaceProgram.run(name, transaction, "nft", "-f", "-");
  }

  /**
   * Writes a setting under {@code /proc/sys/net}; skips a setting that the kernel does not have.
   */
  void set(String setting, String value) throws InterruptedException {
    call(
        () -> {
          var file = SETTINGS.resolve(setting);
          return Files.exists(file) ? Files.writeString(file, value + "\n") : file;
        });
  }

  private void removeAtEnd() {
    try {
      close();
    } catch (IllegalStateException | NetworkException e) {
      System.err.println("bench: namespace " + name + " could not be removed: " + e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    if (closed || !Files.exists(Path.of("/run/netns", name))) {
      return;
    }
    closed = true;
    try {
      ShortProgram.run(List.of("ip", "netns", "delete", name), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + name + " was removed", e);
    }
  }
}
