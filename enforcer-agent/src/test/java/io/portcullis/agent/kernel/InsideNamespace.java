package io.portcullis.agent.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * Runs test code by a thread that is in another network namespace: what it opens, and the threads
 * and processes that it starts, are in there too.
 */
@SuppressWarnings("restricted") // there is no other way for a thread to change its namespace
public final class InsideNamespace {
  private static final int READ_ONLY = 0;
  private static final int NEW_NETWORK = 0x40000000; // CLONE_NEWNET

  private InsideNamespace() {}

  /** What the code returns; it has a thread of its own, which ends with it. */
  public static <T> T call(String namespace, Callable<T> code) throws Exception {
    var task =
        new FutureTask<>(
            () -> {
              enter(namespace);
              return code.call();
            });
    var thread = Thread.ofPlatform().name("inside " + namespace).start(task);
    thread.join();
    return task.get();
  }

  private static void enter(String namespace) {
    var linker = Linker.nativeLinker();
    var symbols = linker.defaultLookup();
    var open =
        linker.downcallHandle(
            symbols.findOrThrow("open"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    var setns =
        linker.downcallHandle(
            symbols.findOrThrow("setns"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    var close =
        linker.downcallHandle(
            symbols.findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    try (var arena = Arena.ofConfined()) {
      var path = arena.allocateFrom("/run/netns/" + namespace);
      var descriptor = (int) open.invokeExact(path, READ_ONLY);
      var entered = (int) setns.invokeExact(descriptor, NEW_NETWORK);
      var closed = (int) close.invokeExact(descriptor);
      if (descriptor < 0 || entered != 0 || closed != 0) {
        throw new IllegalStateException("cannot enter " + namespace);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
