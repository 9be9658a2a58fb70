package io.portcullis.agent.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads and writes messages of netlink and their attributes. */
public final class Netlink {
  static final int HEADER = 16; // struct nlmsghdr
  public static final int NETFILTER_HEADER = 4; // struct nfgenmsg, which begins with a family
  private static final int ATTRIBUTE_HEADER = 4; // struct nlattr
  private static final int TYPE = 0x3fff; // NLA_TYPE_MASK

  private Netlink() {}

  /**
   * A message of netlink.
   *
   * @param number of the question that it answers
   */
  public record Message(int type, int number, MemorySegment content) {}

  /** An attribute of a message or of another attribute. */
  public record Attribute(int type, MemorySegment content) {
    public String text() {
      var bytes = content.toArray(JAVA_BYTE);
      var end = 0;
      while (end < bytes.length && bytes[end] != 0) {
        end++;
      }
      return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
  }

  /** Returns the messages in what was received at once. */
  public static List<Message> messages(MemorySegment received) throws IOException {
    var messages = new ArrayList<Message>();
    for (long at = 0; at + HEADER <= received.byteSize(); ) {
      var length = Integer.toUnsignedLong(received.get(JAVA_INT_UNALIGNED, at));
      if (length < HEADER || at + length > received.byteSize()) {
        throw new IOException("a message of netlink is cut off");
      }
      messages.add(
          new Message(
              Short.toUnsignedInt(received.get(JAVA_SHORT_UNALIGNED, at + 4)),
              received.get(JAVA_INT_UNALIGNED, at + 8),
              received.asSlice(at + HEADER, length - HEADER)));
      at += aligned(length);
    }
    return messages;
  }

  /**
   * Returns the attributes in a part of a message.
   *
   * @param from where the first one begins
   */
  public static List<Attribute> attributes(MemorySegment content, long from) throws IOException {
    var attributes = new ArrayList<Attribute>();
    for (var at = from; at + ATTRIBUTE_HEADER <= content.byteSize(); ) {
      long length = Short.toUnsignedInt(content.get(JAVA_SHORT_UNALIGNED, at));
      if (length < ATTRIBUTE_HEADER || at + length > content.byteSize()) {
        throw new IOException("an attribute of netlink is cut off");
      }
      attributes.add(
          new Attribute(
              Short.toUnsignedInt(content.get(JAVA_SHORT_UNALIGNED, at + 2)) & TYPE,
              content.asSlice(at + ATTRIBUTE_HEADER, length - ATTRIBUTE_HEADER)));
      at += aligned(length);
    }
    return attributes;
  }

  /**
   * Returns the content of the first attribute of that type; a fast look at one of many messages.
   */
  static Optional<MemorySegment> find(MemorySegment content, long from, int type) {
    for (var at = from; at + ATTRIBUTE_HEADER <= content.byteSize(); ) {
      long length = Short.toUnsignedInt(content.get(JAVA_SHORT_UNALIGNED, at));
      if (length < ATTRIBUTE_HEADER || at + length > content.byteSize()) {
        return Optional.empty();
      }
      if ((content.get(JAVA_SHORT_UNALIGNED, at + 2) & TYPE) == type) {
        return Optional.of(content.asSlice(at + ATTRIBUTE_HEADER, length - ATTRIBUTE_HEADER));
      }
      at += aligned(length);
    }
    return Optional.empty();
  }

  public static Optional<Attribute> first(List<Attribute> attributes, int type) {
    return attributes.stream().filter(attribute -> attribute.type() == type).findFirst();
  }

  public static OptionalInt number(List<Attribute> attributes, int type) {
    return first(attributes, type)
        .map(attribute -> OptionalInt.of(attribute.content().get(JAVA_INT_UNALIGNED, 0)))
        .orElse(OptionalInt.empty());
  }

  /** Returns the size of an attribute with content of that size. */
  public static long attributeSize(long content) {
    return aligned(ATTRIBUTE_HEADER + content);
  }

  /** Writes an attribute; returns where the next one begins. */
  public static long putAttribute(MemorySegment message, long at, int type, MemorySegment content) {
    message.set(JAVA_SHORT_UNALIGNED, at, (short) (ATTRIBUTE_HEADER + content.byteSize()));
    message.set(JAVA_SHORT_UNALIGNED, at + 2, (short) type);
    message.asSlice(at + ATTRIBUTE_HEADER, content.byteSize()).copyFrom(content);
    return at + attributeSize(content.byteSize());
  }

  private static long aligned(long length) {
    return length + 3 & ~3L;
  }
}
