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

/** A network namespace with a random name; it goes with the benchmark, also one that is stopped. */
public final class Namespace implements AutoCloseable {
  private static final Path SETTINGS = Path.of("/proc/sys/net");

  private final String name =
      prefix(ProcessHandle.current().pid()) + UUID.randomUUID().toString().substring(0, 8);
  private boolean closed;

  private Namespace() {}

  /**
   * @throws NetworkException when the kernel refuses
   */
  public static Namespace make() throws InterruptedException {
    var made = new Namespace();
    Runtime.getRuntime().addShutdownHook(new Thread(made::removeAtEnd, "remove " + made.name));
    made.add();
    return made;
  }

  /** What the names of all namespaces of a process start with. */
  public static String prefix(long pid) {
    return "pcb-" + pid + "-";
  }

  private synchronized void add() throws InterruptedException {
    ShortProgram.run(List.of("ip", "netns", "add", name), "");
  }

  public String name() {
    return name;
  }

  /** Moves the calling thread into it, for good. */
  public void enter() {
    NamespaceThreads.enter(name);
  }

  /** What the code returns, run by a thread inside. */
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

  /** Runs commands of {@code ip} inside. */
  void ip(List<String> lines) throws InterruptedException {
    ShortProgram.run(List.of("ip", "-n", name, "-batch", "-"), String.join("\n", lines) + "\n");
  }

  /** Loads a transaction by the {@code nft} program. */
  void nft(String transaction) throws InterruptedException {
    NamespaceProgram.run(name, transaction, "nft", "-f", "-");
  }

  /** Sets what the kernel has under {@code /proc/sys/net}; what it has not is left. */
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
      System.err.println("bench: namespace " + name + " is left: " + e.getMessage());
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
