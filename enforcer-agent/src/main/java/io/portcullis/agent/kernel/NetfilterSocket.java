package io.portcullis.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.portcullis.agent.kernel.Netlink.Attribute;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Questions to netfilter and its answers, as messages of netlink (RFC 3549, the kernel's {@code
 * nfnetlink.h}). It is of the network namespace of the thread that opens it. One thread uses it.
 */
final class NetfilterSocket implements AutoCloseable {
  static final int REQUEST = 1; // NLM_F_REQUEST
  static final int ACKNOWLEDGE = 4; // NLM_F_ACK
  static final int DUMP = 0x300; // NLM_F_DUMP
  private static final int HEADER = 16; // struct nlmsghdr
  private static final int NETFILTER_HEADER = 4; // struct nfgenmsg
  private static final int ATTRIBUTE_HEADER = 4; // struct nlattr
  private static final int LONGEST_ANSWER = 64 * 1024; // the kernel fills 32 KiB at most
  private static final int ERROR = 2; // NLMSG_ERROR
  private static final int DONE = 3; // NLMSG_DONE

  private final Libc libc;
  private final int descriptor;
  private final MemorySegment buffer = Arena.ofAuto().allocate(LONGEST_ANSWER);
  private int asked;

  /** Takes the parts of an answer. */
  interface Answers {
    /**
     * @param type of the message
     * @param family of the addresses in it
     */
    void take(int type, byte family, List<Attribute> attributes) throws IOException;
  }

  NetfilterSocket() throws IOException {
    libc = Libc.load();
    descriptor = libc.openRaw(Libc.AF_NETLINK, Libc.NETLINK_NETFILTER);
  }

  /**
   * Asks, and takes all that is answered.
   *
   * @param type of the message, with its subsystem
   * @return the number of the error that the kernel answers with, 0 for none
   */
  int ask(int type, int flags, byte family, MemorySegment attributes, Answers answers)
      throws IOException {
    asked++;
    try (var own = Arena.ofConfined()) {
      var size = HEADER + NETFILTER_HEADER + attributes.byteSize();
      var message = own.allocate(size);
      message.set(JAVA_INT_UNALIGNED, 0, (int) size);
      message.set(JAVA_SHORT_UNALIGNED, 4, (short) type);
      message.set(JAVA_SHORT_UNALIGNED, 6, (short) (flags | REQUEST));
      message.set(JAVA_INT_UNALIGNED, 8, asked);
      message.set(JAVA_BYTE, HEADER, family);
      message.asSlice(HEADER + NETFILTER_HEADER).copyFrom(attributes);
      libc.send(descriptor, message);
    }
    var isLong = (flags & DUMP) != 0 || (flags & ACKNOWLEDGE) != 0;
    while (true) {
      var end = take(libc.receive(descriptor, buffer), answers, isLong);
      if (end >= 0) {
        return end;
      }
    }
  }

  /** The error's number where that was the end of the answer, below 0 where more comes. */
  private int take(MemorySegment received, Answers answers, boolean isLong) throws IOException {
    for (var message : Netlink.messages(received)) {
      if (message.number() != asked) {
        continue; // what is left of a question that failed
      }
      switch (message.type()) {
        case DONE -> {
          return 0;
        }
        case ERROR -> {
          return -message.content().get(JAVA_INT_UNALIGNED, 0);
        }
        default -> {
          answers.take(
              message.type(),
              message.content().get(JAVA_BYTE, 0),
              Netlink.attributes(message.content(), NETFILTER_HEADER));
          if (!isLong) {
            return 0;
          }
        }
      }
    }
    return -1;
  }

  /** How long an attribute with that content is. */
  static long attributeSize(long content) {
    return aligned(ATTRIBUTE_HEADER + content);
  }

  /** Writes an attribute; returns where the next one begins. */
  static long putAttribute(MemorySegment message, long at, int type, MemorySegment content) {
    message.set(JAVA_SHORT_UNALIGNED, at, (short) (ATTRIBUTE_HEADER + content.byteSize()));
    message.set(JAVA_SHORT_UNALIGNED, at + 2, (short) type);
    message.asSlice(at + ATTRIBUTE_HEADER, content.byteSize()).copyFrom(content);
    return at + attributeSize(content.byteSize());
  }

  private static long aligned(long length) {
    return length + 3 & ~3L;
  }

  @Override
  public void close() throws IOException {
    libc.close(descriptor);
  }
}
