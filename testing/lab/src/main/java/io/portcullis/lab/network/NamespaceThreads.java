package io.portcullis.lab.network;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Lets a platform thread enter a network namespace by {@code setns(2)}. A socket stays in the
 * namespace that its thread was in when it was opened, so one process can open sockets in all of
 * them.
 */
public final class NamespaceThreads {
  private static final Path NAMED = Path.of("/run/netns");
  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int CLONE_NEWNET = 0x40000000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(java.lang.foreign.MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle OPEN =
      call(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle SETNS =
      call("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOSE =
      call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private NamespaceThreads() {}

  /**
   * Runs the work on a new thread, which may {@link #enter} namespaces.
   *
   * @throws ExecutionException with the exception that the work threw
   */
  public static <T> T call(String name, Callable<T> work)
      throws InterruptedException, ExecutionException {
    var task = new FutureTask<>(work);
    var thread = Thread.ofPlatform().name(name).daemon().start(task);
    try {
      return task.get();
    } catch (InterruptedException e) {
      thread.interrupt();
      throw e;
    }
  }

  /**
   * Moves the calling thread into the named namespace. The thread cannot return, so only threads of
   * {@link #call} may do this.
   *
   * @throws NetworkException if no such namespace exists or the kernel refuses
   */
  public static void enter(String namespace) {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("a virtual thread has no network namespace of its own");
    }
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      var path = arena.allocateFrom(NAMED.resolve(namespace).toString());
      var file = (int) OPEN.invokeExact(state, path, O_RDONLY_CLOEXEC);
      if (file < 0) {
        throw failed("open the namespace " + namespace, state);
      }
      try {
        if ((int) SETNS.invokeExact(state, file, CLONE_NEWNET) != 0) {
          throw failed("enter the namespace " + namespace, state);
        }
      } finally {
        var _ = (int) CLOSE.invokeExact(state, file);
      }
    } catch (NetworkException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call to the C library failed", e);
    }
  }

  private static NetworkException failed(String what, MemorySegment state) {
    return new NetworkException("cannot " + what + ": errno " + (int) ERRNO.get(state, 0L));
  }

  @SuppressWarnings("restricted") // calling the C library is what this class is for
  private static MethodHandle call(
      String function, FunctionDescriptor descriptor, Linker.Option... more) {
    var options = java.util.Arrays.copyOf(more, more.length + 1);
    options[more.length] = Linker.Option.captureCallState("errno");
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(function), descriptor, options);
  }
}
