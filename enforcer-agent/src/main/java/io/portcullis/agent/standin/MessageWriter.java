package io.portcullis.agent.standin;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes messages of netlink for netfilter one after another. */
final class MessageWriter {
  private static final int HEADER = 20; // struct nlmsghdr and struct nfgenmsg
  private static final int NESTED = 0x8000; // NLA_F_NESTED
  private static final int SMALLEST = 4096;

  private byte[] bytes = new byte[SMALLEST];
  private int size;

  /**
   * Writes a message.
   *
   * @param family that it is about
   * @param resource what the part of the kernel expects there
   * @param attributes writes them
   */
  void message(int type, int flags, int family, int resource, Runnable attributes) {
    var start = size;
    room(HEADER)
        .putInt(0) // its length
        .putShort((short) type)
        .putShort((short) flags)
        .putInt(0) // its number
        .putInt(0)
        .put((byte) family)
        .put((byte) 0)
        .put((byte) (resource >> Byte.SIZE))
        .put((byte) resource);
    attributes.run();
    at(start).putInt(size - start);
  }

  /** Writes an attribute of attributes. */
  void nested(int type, Runnable attributes) {
    var start = size;
    room(Integer.BYTES);
    attributes.run();
    at(start).putShort((short) (size - start)).putShort((short) (type | NESTED));
  }

  /** Writes an attribute. */
  void bytes(int type, byte[] content) {
    room(Integer.BYTES + content.length + 3 & ~3) // aligned to four bytes
        .putShort((short) (Integer.BYTES + content.length))
        .putShort((short) type)
        .put(content);
  }

  void number(int type, int value) {
    bytes(type, ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  void number(int type, long value) {
    bytes(type, ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  void text(int type, String text) {
    bytes(type, (text + '\0').getBytes(StandardCharsets.US_ASCII));
  }

  private ByteBuffer room(int length) {
    if (size + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + length));
    }
    size += length;
    return at(size - length);
  }

  private ByteBuffer at(int position) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).position(position);
  }

  /** Returns all that was written. */
  byte[] written() {
    return Arrays.copyOf(bytes, size);
  }
}
