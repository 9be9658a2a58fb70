package io.portcullis.policy.reach;

import io.portcullis.net.Flow;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A set of protocols and ports. All protocols without ports, such as ICMP, are in it together or
 * not at all, because no policy tells them apart (N5).
 *
 * <p>Each port has a code: the ports of TCP, UDP and SCTP follow one another, and the last code
 * stands for all other protocols.
 */
public final class PortSet implements Comparable<PortSet> {
  private static final int PORTS = 65_536;
  private static final int OTHER = Protocol.values().length * PORTS;

  /** The code after the last one. */
  static final int END = OTHER + 1;

  public static final PortSet NOTHING = new PortSet(new int[0]);
  public static final PortSet EVERYTHING = new PortSet(new int[] {0, END});

  /** The codes at which membership changes, in order; below the first one nothing is a member. */
  private final int[] bounds;

  private interface Combination {
    boolean holds(boolean mine, boolean theirs);
  }

  private PortSet(int[] bounds) {
    this.bounds = bounds;
  }

  /** Returns the set of these ports. */
  public static PortSet of(Collection<PortRange> ranges) {
    return ranges.stream()
        .map(range -> between(first(range), end(range)))
        .reduce(NOTHING, PortSet::or);
  }

  /** Returns the set of one port, or of all protocols without ports. */
  public static PortSet of(Optional<Flow.Port> port) {
    var code = code(port);
    return between(code, code + 1);
  }

  /** Returns the set of these codes, the last one exclusive. */
  static PortSet between(int from, int end) {
    return from == end ? NOTHING : new PortSet(new int[] {from, end});
  }

  static int first(PortRange range) {
    return range.protocol().ordinal() * PORTS + range.first();
  }

  static int end(PortRange range) {
    return range.protocol().ordinal() * PORTS + range.last() + 1;
  }

  static int code(Optional<Flow.Port> port) {
    return port.map(p -> p.protocol().ordinal() * PORTS + p.number()).orElse(OTHER);
  }

  static Optional<Flow.Port> port(int code) {
    return code == OTHER
        ? Optional.empty()
        : Optional.of(new Flow.Port(Protocol.values()[code / PORTS], code % PORTS));
  }

  /** Returns the first port of the set. */
  public Optional<Flow.Port> first() {
    return port(bounds[0]);
  }

  public boolean isEmpty() {
    return bounds.length == 0;
  }

  public boolean contains(Optional<Flow.Port> port) {
    var at = Arrays.binarySearch(bounds, code(port));
    return (at >= 0 ? at : -at - 2) % 2 == 0;
  }

  public PortSet or(PortSet other) {
    return combined(other, (mine, theirs) -> mine || theirs);
  }

  public PortSet and(PortSet other) {
    return combined(other, (mine, theirs) -> mine && theirs);
  }

  public PortSet minus(PortSet other) {
    return combined(other, (mine, theirs) -> mine && !theirs);
  }

  private PortSet combined(PortSet other, Combination combination) {
    var result = new int[bounds.length + other.bounds.length];
    var length = 0;
    var mine = 0;
    var theirs = 0;
    while (mine < bounds.length || theirs < other.bounds.length) {
      var at =
          Math.min(
              mine < bounds.length ? bounds[mine] : END,
              theirs < other.bounds.length ? other.bounds[theirs] : END);
      mine += mine < bounds.length && bounds[mine] == at ? 1 : 0;
      theirs += theirs < other.bounds.length && other.bounds[theirs] == at ? 1 : 0;
      if (combination.holds(mine % 2 == 1, theirs % 2 == 1) != (length % 2 == 1)) {
        result[length++] = at;
      }
    }
    return length == 0 ? NOTHING : new PortSet(Arrays.copyOf(result, length));
  }

  /** Returns the numbered ports as ranges in order. */
  public List<PortRange> ranges() {
    var ranges = new ArrayList<PortRange>();
    for (var i = 0; i < bounds.length; i += 2) {
      for (var protocol : Protocol.values()) {
        var base = protocol.ordinal() * PORTS;
        var first = Math.max(bounds[i], base) - base;
        var last = Math.min(bounds[i + 1], base + PORTS) - 1 - base;
        if (first <= last) {
          ranges.add(new PortRange(protocol, first, last));
        }
      }
    }
    return ranges;
  }

  /** Returns whether protocols without ports are in the set. */
  public boolean hasOther() {
    return contains(Optional.empty());
  }

  /** Returns the ports as people write them: {@code tcp/80, udp}, {@code all} or {@code none}. */
  @Override
  public String toString() {
    if (isEmpty()) {
      return "none";
    }
    var rest = EVERYTHING.minus(this);
    if (rest.isEmpty()) {
      return "all";
    }
    return hasOther() && rest.words().size() <= words().size()
        ? "all except " + String.join(", ", rest.words())
        : String.join(", ", words());
  }

  /** Returns one word for each range, and one for all protocols without ports. */
  public List<String> words() {
    return Stream.concat(
            ranges().stream().map(r -> r.isAll() ? r.protocol().nft() : r.toString()),
            hasOther() ? Stream.of("icmp and others") : Stream.empty())
        .toList();
  }

  @Override
  public int compareTo(PortSet other) {
    return Arrays.compare(bounds, other.bounds);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PortSet that && Arrays.equals(bounds, that.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }
}
