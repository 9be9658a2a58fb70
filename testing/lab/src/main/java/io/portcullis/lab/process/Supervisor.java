package io.portcullis.lab.process;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps programs running, as a kubelet would: a program that dies is restarted after a second. One
 * thread starts all of them and lives as long as they do, since the kernel kills a process when the
 * thread that started it ends ({@code PR_SET_PDEATHSIG}): so no program outlives a lab that was
 * killed.
 *
 * <pre>
 *   wanted --start--> running --exit--> dead --after a second--> wanted
 *                        |                |
 *                        +--not wanted----+--> gone
 * </pre>
 */
public final class Supervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
  private static final Duration BEFORE_RESTART = Duration.ofSeconds(1);
  private static final Duration TO_END_BY_ITSELF = Duration.ofSeconds(3);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("lab-supervisor").daemon().factory());
  private final Consumer<Event> events;

  // Only the supervisor's thread changes these.
  private final Map<String, Program> wanted = new TreeMap<>();
  private final Map<String, Process> running = new ConcurrentHashMap<>();

  /** Something that happened to a program. */
  public sealed interface Event {
    /** The program was started. */
    record Started(String program, long pid) implements Event {}

    /** The program ended without having been asked to. */
    record Died(String program, int status) implements Event {}

    /** The program cannot be started; the supervisor will try again. */
    record Failed(String program, String reason) implements Event {}
  }

  /**
   * Starts the supervisor.
   *
   * @param events receives all events, on the supervisor's thread
   */
  public Supervisor(Consumer<Event> events) {
    this.events = events;
  }

  /** Runs these programs and no others; returns when those no longer wanted have ended. */
  public void keep(Collection<Program> programs) {
    var byName = programs.stream().collect(Collectors.toMap(Program::name, program -> program));
    onThread(
        () -> {
          var gone = new ArrayList<>(wanted.keySet());
          gone.removeAll(byName.keySet());
          end(gone);
          byName.forEach(
              (name, program) -> {
                if (wanted.put(name, program) == null) {
                  start(name);
                }
              });
        });
  }

  /** Ends the programs and forgets them. */
  public void stop(Collection<String> names) {
    onThread(() -> end(names));
  }

  /**
   * Kills all programs at once.
   *
   * @param away how long each program is away
   */
  public void cutPower(Function<String, Duration> away) {
    onThread(
        () -> {
          var dying = Map.copyOf(running);
          running.clear(); // so that their deaths start nothing
          dying.values().forEach(Process::destroyForcibly);
          for (var program : dying.entrySet()) {
            var status = program.getValue().onExit().join().exitValue();
            events.accept(new Event.Died(program.getKey(), status));
            startAfter(program.getKey(), away.apply(program.getKey()));
          }
        });
  }

  /** Returns the process ids of the running programs. */
  public SortedMap<String, Long> pids() {
    var pids = new TreeMap<String, Long>();
    running.forEach((name, process) -> pids.put(name, process.pid()));
    return Collections.unmodifiableSortedMap(pids);
  }

  private void onThread(Runnable work) {
    try {
      thread.submit(work).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the lab's programs cannot be started or stopped", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while managing the lab's programs", e);
    }
  }

  private void start(String name) {
    var program = wanted.get(name);
    if (program == null || running.containsKey(name)) {
      return;
    }
    try {
      program.preparation().prepare();
      var process = launch(program);
      running.put(name, process);
      process
          .onExit()
          .thenAccept(
              ended -> {
                if (!thread.isShutdown()) {
                  thread.execute(() -> died(name, ended));
                }
              });
      events.accept(new Event.Started(name, process.pid()));
    } catch (IOException e) {
      events.accept(new Event.Failed(name, e.getMessage()));
      restartLater(name);
    }
  }

  private static Process launch(Program program) throws IOException {
    var command = new ArrayList<>(List.of("setsid", "setpriv", "--pdeathsig", "KILL"));
    command.addAll(List.of("ip", "netns", "exec", program.namespace()));
    command.addAll(program.command());
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(program.log().toFile()));
    builder.environment().putAll(program.environment());
    var process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  private void died(String name, Process process) {
    if (running.remove(name, process)) {
      events.accept(new Event.Died(name, process.exitValue()));
      restartLater(name);
    }
  }

  private void restartLater(String name) {
    startAfter(name, BEFORE_RESTART);
  }

  private void startAfter(String name, Duration time) {
    var _ = thread.schedule(() -> start(name), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void end(Collection<String> names) {
    var ending = new ArrayList<Process>();
    for (var name : names) {
      wanted.remove(name);
      var process = running.remove(name);
      if (process != null) {
        process.destroy();
        ending.add(process);
      }
    }
    var until = System.nanoTime() + TO_END_BY_ITSELF.toNanos();
    for (var process : ending) {
      try {
        if (!process.waitFor(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          process.destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        LOG.debug("interrupted; killing the programs that still run", e);
        ending.forEach(Process::destroyForcibly);
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Ends all programs; after this none is started. */
  @Override
  public void close() {
    if (thread.isShutdown()) {
      return;
    }
    onThread(() -> end(List.copyOf(wanted.keySet())));
    thread.shutdownNow();
  }
}
