package io.portcullis.bench.scale;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that runs a tenth of the time: it is stopped for nine milliseconds of each ten, until
 * this is closed. A process for each signal would cost more than what is slowed.
 */
final class SlowedProcess implements AutoCloseable {
  private static final int SIGCONT = 18;
  private static final int SIGSTOP = 19;
  private static final Duration STOPPED = Duration.ofMillis(9);
  private static final Duration RUNNING = Duration.ofMillis(1);

  @SuppressWarnings("restricted") // the call has no memory to get wrong
  private static final MethodHandle KILL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().find("kill").orElseThrow(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private final int pid;
  private final Thread thread;
  private volatile boolean closed;

  SlowedProcess(long pid) {
    this.pid = Math.toIntExact(pid);
    this.thread = Thread.ofPlatform().daemon().name("slow down").start(this::run);
  }

  private void run() {
    while (!closed) {
      signal(SIGSTOP);
      LockSupport.parkNanos(STOPPED.toNanos());
      signal(SIGCONT);
      LockSupport.parkNanos(RUNNING.toNanos());
    }
  }

  private void signal(int number) {
    try {
      var result = (int) KILL.invokeExact(pid, number);
      if (result != 0) {
        throw new IllegalStateException("the process " + pid + " takes no signal");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
