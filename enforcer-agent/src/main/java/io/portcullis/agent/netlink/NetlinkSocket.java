package io.portcullis.agent.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Asks a part of the kernel, and receives its answers and notifications, by netlink (RFC 3549). It
 * belongs to the network namespace of the thread that opens it. One thread uses it.
 */
public final class NetlinkSocket implements AutoCloseable {
  /** Marks a question that is answered by one message. */
  public static final int ONE = 0;

  /** Marks a question that is answered by whether it went well. */
  public static final int ACKNOWLEDGE = 4; // NLM_F_ACK

  /** Marks a question that is answered by any number of messages. */
  public static final int DUMP = 0x300; // NLM_F_DUMP

  private static final int REQUEST = 1; // NLM_F_REQUEST
  private static final int NOTHING = 1; // NLMSG_NOOP
  private static final int ERROR = 2; // NLMSG_ERROR
  private static final int DONE = 3; // NLMSG_DONE
  private static final int ADDRESS_SIZE = 12; // struct sockaddr_nl
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SOL_NETLINK = 270;
  private static final int ADD_MEMBERSHIP = 1; // NETLINK_ADD_MEMBERSHIP
  private static final int DROP_MEMBERSHIP = 2; // NETLINK_DROP_MEMBERSHIP
  private static final int LONGEST_ANSWER = 64 * 1024; // the kernel fills 32 KiB at most

  private final Libc libc;
  private final int descriptor;
  private final MemorySegment buffer = Arena.ofAuto().allocate(LONGEST_ANSWER);
  private int asked;

  /** Takes the messages of an answer. */
  public interface Answers {
    /**
     * @param content from the header of that part of the kernel on
     */
    void take(int type, MemorySegment content) throws IOException;
  }

  public NetlinkSocket(Libc libc, int protocol) throws IOException {
    this.libc = libc;
    this.descriptor = libc.openRaw(Libc.AF_NETLINK, protocol);
  }

  /** Opens a socket that can receive notifications: without an address it would get none. */
  static NetlinkSocket bound(Libc libc, int protocol) throws IOException {
    var socket = new NetlinkSocket(libc, protocol);
    try (var arena = Arena.ofConfined()) {
      var address = arena.allocate(ADDRESS_SIZE);
      address.set(JAVA_SHORT_UNALIGNED, 0, (short) Libc.AF_NETLINK);
      libc.bind(socket.descriptor, address);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Asks, and takes all that is answered.
   *
   * @param type of the message
   * @param content from the header of that part of the kernel on
   * @return the number of the error that the kernel answers with, 0 for none
   */
  public int ask(int type, int flags, MemorySegment content, Answers answers) throws IOException {
    asked++;
    send(type, flags, content);
    while (true) {
      var end = take(libc.receive(descriptor, buffer), answers, flags == ONE);
      if (end >= 0) {
        return end;
      }
    }
  }

  /** Lets so much be sent at once. */
  public void makeRoom(int bytes) throws IOException {
    libc.setOption(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, bytes);
  }

  /**
   * Sends messages that are answered only where the kernel refuses one.
   *
   * @return the number of the first error that the kernel answers with, 0 for none
   */
  public int send(MemorySegment messages) throws IOException {
    libc.send(descriptor, messages);
    var first = 0;
    for (var answers = notifications(); !answers.isEmpty(); answers = notifications()) {
      for (var answer : answers) {
        if (first == 0 && answer.type() == ERROR) {
          first = -answer.content().get(JAVA_INT_UNALIGNED, 0);
        }
      }
    }
    return first;
  }

  private void send(int type, int flags, MemorySegment content) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var size = Netlink.HEADER + content.byteSize();
      var message = arena.allocate(size);
      message.set(JAVA_INT_UNALIGNED, 0, (int) size);
      message.set(JAVA_SHORT_UNALIGNED, 4, (short) type);
      message.set(JAVA_SHORT_UNALIGNED, 6, (short) (flags | REQUEST));
      message.set(JAVA_INT_UNALIGNED, 8, asked);
      message.asSlice(Netlink.HEADER).copyFrom(content);
      libc.send(descriptor, message);
    }
  }

  /** Begins to receive the notifications of a multicast group. */
  void join(int group) throws IOException {
    libc.setOption(descriptor, SOL_NETLINK, ADD_MEMBERSHIP, group);
  }

  /** Ceases to receive the notifications of a multicast group. */
  void leave(int group) throws IOException {
    libc.setOption(descriptor, SOL_NETLINK, DROP_MEMBERSHIP, group);
  }

  /** Waits until one of the sockets has something to receive. */
  static void awaitAny(NetlinkSocket... sockets) throws IOException {
    sockets[0].libc.awaitAny(
        Arrays.stream(sockets).mapToInt(socket -> socket.descriptor).toArray());
  }

  /** Ends the wait of another thread for this socket: the kernel confirms that it was asked. */
  void wake() throws IOException {
    send(NOTHING, ACKNOWLEDGE, MemorySegment.NULL);
  }

  /** Receives and forgets what has come; returns whether anything had. */
  boolean drain() throws IOException {
    var came = false;
    while (true) {
      try {
        libc.receive(descriptor, buffer);
        came = true;
      } catch (Libc.RefusedException e) {
        switch (e.errno()) {
          case Libc.EAGAIN -> {
            return came;
          }
          case Libc.ENOBUFS -> came = true; // more came than the kernel kept
          default -> throw e;
        }
      }
    }
  }

  /**
   * Returns notifications, as far as they have come; the next call overwrites them.
   *
   * @return nothing also where more came than the kernel kept
   */
  List<Netlink.Message> notifications() throws IOException {
    try {
      return Netlink.messages(libc.receive(descriptor, buffer));
    } catch (Libc.RefusedException e) {
      return switch (e.errno()) {
        case Libc.EAGAIN, Libc.ENOBUFS -> List.of();
        default -> throw e;
      };
    }
  }

  /** Returns the error's number if the answer ends here, and a number below 0 if more comes. */
  private int take(MemorySegment received, Answers answers, boolean isOne) throws IOException {
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
          answers.take(message.type(), message.content());
          if (isOne) {
            return 0;
          }
        }
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    libc.close(descriptor);
  }
}
