package io.portcullis.agent.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Calls the C library for sockets that Java does not have. A socket belongs to the network
 * namespace of the thread that opens it.
 */
@SuppressWarnings("restricted") // calling the C library is what this class is for
public final class Libc {
  static final int AF_UNIX = 1;
  static final int AF_NETLINK = 16;
  public static final int NETLINK_NETFILTER = 12;
  static final int NETLINK_ROUTE = 0;
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int EADDRINUSE = 98;
  static final int ENOBUFS = 105;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int POLL_SIZE = 8; // struct pollfd
  private static final short POLLIN = 1;
  private static final int FOR_EVER = -1;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private final MethodHandle socket =
      handle("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private final MethodHandle bind =
      handle("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private final MethodHandle send =
      handle("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private final MethodHandle recv =
      handle("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private final MethodHandle setsockopt =
      handle(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private final MethodHandle poll =
      handle("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private final MethodHandle close = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private Libc() {}

  /**
   * Loads the functions.
   *
   * @throws IOException where this Java has no foreign functions, or an operator forbids them
   */
  public static Libc load() throws IOException {
    return ForeignCode.load(Libc::new);
  }

  /** Says that the system refused a call, with the number of its reason (errno). */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int errno;

    private RefusedException(String call, int errno) {
      super(call + " failed with error " + errno);
      this.errno = errno;
    }

    int errno() {
      return errno;
    }
  }

  private static MethodHandle handle(String name, FunctionDescriptor type) {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), type, Linker.Option.captureCallState("errno"));
  }

  private interface Call {
    long run(MemorySegment state) throws Throwable;
  }

  private static long checked(String name, Call call) throws RefusedException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(STATE);
      var result = call.run(state);
      if (result < 0) {
        throw new RefusedException(name, (int) ERRNO.get(state, 0L));
      }
      return result;
    } catch (RefusedException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // these functions throw nothing else
    }
  }

  int openStream(int family) throws RefusedException {
    return open(family, SOCK_STREAM, 0);
  }

  int openRaw(int family, int protocol) throws RefusedException {
    return open(family, SOCK_RAW, protocol);
  }

  private int open(int family, int type, int protocol) throws RefusedException {
    return (int)
        checked(
            "socket",
            state -> (int) socket.invokeExact(state, family, type | SOCK_CLOEXEC, protocol));
  }

  void bind(int descriptor, MemorySegment address) throws RefusedException {
    var length = (int) address.byteSize();
    checked("bind", state -> (int) bind.invokeExact(state, descriptor, address, length));
  }

  void send(int descriptor, MemorySegment message) throws RefusedException {
    checked(
        "send",
        state -> (long) send.invokeExact(state, descriptor, message, message.byteSize(), 0));
  }

  /** Returns what has come already, without waiting. */
  MemorySegment receive(int descriptor, MemorySegment buffer) throws RefusedException {
    var length =
        checked(
            "recv",
            state ->
                (long)
                    recv.invokeExact(state, descriptor, buffer, buffer.byteSize(), MSG_DONTWAIT));
    return buffer.asSlice(0, length);
  }

  /** Sets an option of a socket to a number. */
  void setOption(int descriptor, int level, int option, int value) throws RefusedException {
    try (var arena = Arena.ofConfined()) {
      var number = arena.allocateFrom(JAVA_INT, value);
      checked(
          "setsockopt",
          state ->
              (int)
                  setsockopt.invokeExact(
                      state, descriptor, level, option, number, (int) number.byteSize()));
    }
  }

  /** Waits, for ever if need be, until one of the sockets has something to receive. */
  void awaitAny(int... descriptors) throws RefusedException {
    try (var arena = Arena.ofConfined()) {
      var waits = arena.allocate((long) POLL_SIZE * descriptors.length, Integer.BYTES);
      for (var i = 0; i < descriptors.length; i++) {
        waits.set(JAVA_INT, (long) POLL_SIZE * i, descriptors[i]);
        waits.set(JAVA_SHORT, (long) POLL_SIZE * i + Integer.BYTES, POLLIN);
      }
      long number = descriptors.length;
      checked("poll", state -> (int) poll.invokeExact(state, waits, number, FOR_EVER));
    } catch (RefusedException e) {
      if (e.errno() != EINTR) {
        throw e;
      }
    }
  }

  void close(int descriptor) throws RefusedException {
    checked("close", state -> (int) close.invokeExact(state, descriptor));
  }
}
