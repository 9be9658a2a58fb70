package io.portcullis.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's count of committed nftables transactions, of anybody, in one network namespace:
 * where it has not moved, no table was changed. Asking takes microseconds. One thread uses it.
 */
public final class Generation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Generation.class);
  private static final int HEADER = 16; // struct nlmsghdr
  private static final int MESSAGE = HEADER + 4; // and struct nfgenmsg
  private static final int ATTRIBUTE_HEADER = 4; // struct nlattr
  private static final short NFT_MSG_NEWGEN = 10 << 8 | 15; // NFNL_SUBSYS_NFTABLES
  private static final short NFT_MSG_GETGEN = 10 << 8 | 16;
  private static final short NLM_F_REQUEST = 1;
  private static final short NFTA_GEN_ID = 1;

  private final Libc libc;
  private final int descriptor;
  private int asked;
  private boolean told;

  private Generation(Libc libc, int descriptor) {
    this.libc = libc;
    this.descriptor = descriptor;
  }

  /** Opens it in the network namespace of the calling thread, where Java and the system can. */
  public static Optional<Generation> open() {
    try {
      var libc = new Libc();
      return Optional.of(
          new Generation(libc, libc.openRaw(Libc.AF_NETLINK, Libc.NETLINK_NETFILTER)));
    } catch (IOException
        | IllegalCallerException
        | UnsupportedOperationException
        | NoSuchElementException
        | LinkageError e) {
      LOG.warn("changes by others are looked for without the kernel's help: {}", e.toString());
      return Optional.empty();
    }
  }

  /** The count now; none where the kernel does not say. */
  OptionalLong now() {
    try (var arena = Arena.ofConfined()) {
      asked++;
      libc.send(descriptor, request(arena));
      return OptionalLong.of(parse(answer(arena.allocate(4096))));
    } catch (IOException e) {
      if (!told) {
        LOG.warn("the kernel tells no generation of its rules: {}", e.getMessage());
        told = true;
      }
      return OptionalLong.empty();
    }
  }

  /**
   * The kernel has answered when the question is sent; of a question that failed some may be left.
   */
  private MemorySegment answer(MemorySegment buffer) throws IOException {
    MemorySegment answer;
    do {
      answer = libc.receive(descriptor, buffer);
    } while (answer.byteSize() >= HEADER && answer.get(JAVA_INT_UNALIGNED, 8) != asked);
    return answer;
  }

  private MemorySegment request(Arena arena) {
    var message = arena.allocate(MESSAGE);
    message.set(JAVA_INT_UNALIGNED, 0, MESSAGE);
    message.set(JAVA_SHORT_UNALIGNED, 4, NFT_MSG_GETGEN);
    message.set(JAVA_SHORT_UNALIGNED, 6, NLM_F_REQUEST);
    message.set(JAVA_INT_UNALIGNED, 8, asked);
    return message;
  }

  private static long parse(MemorySegment answer) throws IOException {
    if (answer.byteSize() < MESSAGE || answer.get(JAVA_SHORT_UNALIGNED, 4) != NFT_MSG_NEWGEN) {
      throw new IOException("an answer of %d bytes that is none".formatted(answer.byteSize()));
    }
    for (long at = MESSAGE; at + ATTRIBUTE_HEADER <= answer.byteSize(); ) {
      var length = Short.toUnsignedInt(answer.get(JAVA_SHORT_UNALIGNED, at));
      if (answer.get(JAVA_SHORT_UNALIGNED, at + 2) == NFTA_GEN_ID
          && length == ATTRIBUTE_HEADER + Integer.BYTES
          && at + length <= answer.byteSize()) {
        var count =
            answer.get(JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), at + ATTRIBUTE_HEADER);
        return Integer.toUnsignedLong(count);
      }
      at += Math.max(ATTRIBUTE_HEADER, length + 3 & ~3); // aligned to four bytes
    }
    throw new IOException("an answer without a generation");
  }

  @Override
  public void close() {
    try {
      libc.close(descriptor);
    } catch (IOException e) {
      LOG.warn("the socket of the generation: {}", e.getMessage());
    }
  }
}
