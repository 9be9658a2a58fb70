package io.portcullis.oracle;

import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the words by which answers name networks, such as {@code 10.0.0.0/8 except 10.1.0.0/16,
 * 192.0.2.0/24}. What lies inside the block before it is left out of that block.
 */
public final class NetworkText {
  private static final String EXCEPT = " except ";
  private static final String ANYWHERE = "anywhere";

  private NetworkText() {}

  private record Block(Cidr cidr, List<Cidr> except) {
    boolean contains(IpAddress address) {
      return cidr.range().contains(address)
          && except.stream().noneMatch(hole -> hole.range().contains(address));
    }
  }

  /** Tells whether the words name every network, so that they can be read. */
  public static boolean isWhole(String text) {
    return !text.contains("anywhere else") && !text.contains(" more");
  }

  /** Tells whether an address is in the networks that a text names for its family. */
  public static boolean contains(String text, IpAddress address) {
    var blocks = new ArrayList<Block>();
    for (var item : text.split(", ")) {
      var parts = item.split(EXCEPT);
      var first = cidr(parts[0], address);
      if (parts.length == 1
          && !blocks.isEmpty()
          && blocks.getLast().cidr().range().contains(first.network())) {
        blocks.getLast().except().add(first);
      } else {
        var block = new Block(first, new ArrayList<>());
        if (parts.length == 2) {
          block.except().add(cidr(parts[1], address));
        }
        blocks.add(block);
      }
    }
    return blocks.stream().anyMatch(block -> block.contains(address));
  }

  private static Cidr cidr(String text, IpAddress address) {
    return text.equals(ANYWHERE) ? new Cidr(everything(address), 0) : Cidr.parse(text);
  }

  private static IpAddress everything(IpAddress address) {
    return IpAddress.parse(
        switch (address.family()) {
          case V4 -> "0.0.0.0";
          case V6 -> "::";
        });
  }
}
