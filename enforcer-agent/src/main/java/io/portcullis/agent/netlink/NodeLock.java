package io.portcullis.agent.netlink;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock that one agent of a network namespace holds at a time, whatever file systems agents have.
 * It is the name of an abstract unix socket ({@code ss -xl} shows {@code @portcullis-agent}), so it
 * is free again as soon as its holder has ended in any way.
 *
 * <p>Any process of the namespace can take the name, without being an agent: pods with the host's
 * network are trusted that far. One thread uses it.
 */
public final class NodeLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLock.class);
  private static final byte[] NAME = "\0portcullis-agent".getBytes(StandardCharsets.US_ASCII);

  private final Optional<Libc> libc;
  private OptionalInt held = OptionalInt.empty();

  public NodeLock() {
    this.libc = libc();
  }

  private static Optional<Libc> libc() {
    try {
      return Optional.of(Libc.load());
    } catch (IOException e) {
      LOG.warn("a second agent on this node would not be noticed: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Takes the lock in the network namespace of the calling thread, if no other process has it.
   * Where Java has no foreign functions there is no lock, and every agent gets it: an agent without
   * a lock is better than none.
   *
   * @throws IOException when the system gives no such socket
   */
  public boolean take() throws IOException {
    if (libc.isEmpty() || held.isPresent()) {
      return true;
    }
    return take(libc.get());
  }

  private boolean take(Libc system) throws IOException {
    var descriptor = system.openStream(Libc.AF_UNIX);
    try (var arena = Arena.ofConfined()) {
      system.bind(descriptor, address(arena));
      held = OptionalInt.of(descriptor);
      return true;
    } catch (Libc.RefusedException e) {
      system.close(descriptor);
      if (e.errno() == Libc.EADDRINUSE) {
        return false;
      }
      throw e;
    }
  }

  /** Returns a struct sockaddr_un with the name. */
  private static MemorySegment address(Arena arena) {
    var address = arena.allocate(Short.BYTES + NAME.length, Short.BYTES);
    address.set(JAVA_SHORT, 0, (short) Libc.AF_UNIX);
    address.asSlice(Short.BYTES).copyFrom(MemorySegment.ofArray(NAME));
    return address;
  }

  /** Gives the lock back. */
  @Override
  public void close() {
    if (held.isEmpty()) {
      return;
    }
    try {
      libc.orElseThrow().close(held.getAsInt());
    } catch (IOException e) {
      LOG.warn("the lock of the node: {}", e.getMessage());
    }
    held = OptionalInt.empty();
  }
}
