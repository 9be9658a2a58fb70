package io.portcullis.bench.cluster;

import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/** The nodes, and which of their pod addresses are in use. */
final class PodAddresses {
  private static final int ADDRESSES = 254;

  private final List<BitSet> taken = new ArrayList<>();

  /** An address on a node. */
  record At(String node, IpAddress address) {}

  PodAddresses(int nodes) {
    for (var i = 0; i < nodes; i++) {
      taken.add(new BitSet());
    }
  }

  static String node(int number) {
    return "node-" + number;
  }

  static String prefix(int node) {
    return "10." + (node >> 8) + "." + (node & 255);
  }

  /** Takes a free address of a random node that has one. */
  At take(Random random) {
    while (true) {
      var node = random.nextInt(taken.size());
      var free = taken.get(node).nextClearBit(1);
      if (free <= ADDRESSES) {
        taken.get(node).set(free);
        return new At(node(node), IpAddress.parse(prefix(node) + "." + free));
      }
    }
  }

  void occupy(IpAddress address) {
    bits(address).set(last(address));
  }

  void free(IpAddress address) {
    bits(address).clear(last(address));
  }

  private BitSet bits(IpAddress address) {
    return taken.get((int) address.low() >> 8 & 0xffff);
  }

  private static int last(IpAddress address) {
    return (int) address.low() & 255;
  }
}
