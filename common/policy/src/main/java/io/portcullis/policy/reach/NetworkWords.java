package io.portcullis.policy.reach;

import io.portcullis.net.Cidr;
import io.portcullis.net.IpRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Ranges of addresses in the fewest words: as blocks, with what is left out of them, the way that
 * policies name them.
 */
final class NetworkWords {
  private static final int MAX_WORDS = 5;

  private NetworkWords() {}

  /** A block, and the blocks that are missing in it. */
  private record Block(Cidr cidr, List<Cidr> except) {
    int words() {
      return 1 + except.size();
    }

    String text() {
      var name = cidr.length() == 0 ? "anywhere" : cidr.toString();
      if (except.isEmpty()) {
        return name;
      }
      return except.size() > MAX_WORDS && cidr.length() == 0
          ? "anywhere else"
          : name + " except " + listed(except.stream().map(Cidr::toString).toList());
    }
  }

  /** Returns a text like {@code 10.0.0.0/8 except 10.1.0.0/16, 192.0.2.0/24}. */
  static String of(Collection<IpRange> ranges) {
    var merged = IpRange.merge(ranges);
    var everything =
        Cidr.parse(
            switch (merged.getFirst().family()) {
              case V4 -> "0.0.0.0/0";
              case V6 -> "::/0";
            });
    return listed(blocks(everything, merged).stream().map(Block::text).toList());
  }

  private static String listed(List<String> texts) {
    var more = texts.size() - MAX_WORDS;
    return String.join(", ", texts.subList(0, Math.min(MAX_WORDS, texts.size())))
        + (more > 0 ? " and " + more + " more" : "");
  }

  /** Returns the blocks that make up the ranges within a prefix. */
  private static List<Block> blocks(Cidr within, List<IpRange> ranges) {
    var inside = inside(within, ranges);
    if (inside.isEmpty()) {
      return List.of();
    }
    var missing = within.range().minus(inside);
    if (missing.isEmpty()) {
      return List.of(new Block(within, List.of()));
    }
    var halves = new ArrayList<Block>();
    halves(within).forEach(half -> halves.addAll(blocks(half, inside)));
    var whole = new Block(within, plain(within, missing));
    return whole.words() < halves.stream().mapToInt(Block::words).sum() ? List.of(whole) : halves;
  }

  private static List<Cidr> plain(Cidr within, List<IpRange> ranges) {
    var inside = inside(within, ranges);
    if (inside.isEmpty()) {
      return List.of();
    }
    if (within.range().minus(inside).isEmpty()) {
      return List.of(within);
    }
    var all = new ArrayList<Cidr>();
    halves(within).forEach(half -> all.addAll(plain(half, inside)));
    return all;
  }

  private static List<IpRange> inside(Cidr within, List<IpRange> ranges) {
    var all = within.range();
    var inside = new ArrayList<IpRange>();
    for (var range : ranges) {
      if (range.first().compareTo(all.last()) <= 0 && all.first().compareTo(range.last()) <= 0) {
        inside.add(
            new IpRange(
                all.contains(range.first()) ? range.first() : all.first(),
                all.contains(range.last()) ? range.last() : all.last()));
      }
    }
    return inside;
  }

  private static List<Cidr> halves(Cidr cidr) {
    var length = cidr.length() + 1;
    var left = new Cidr(cidr.network(), length);
    return List.of(left, new Cidr(left.range().last().next(), length));
  }
}
