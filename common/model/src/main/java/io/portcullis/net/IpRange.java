package io.portcullis.net;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** An inclusive range of addresses of one family, written {@code first-last}. */
public record IpRange(IpAddress first, IpAddress last) implements Comparable<IpRange> {

  public IpRange {
    if (first.family() != last.family() || first.compareTo(last) > 0) {
      throw new IllegalArgumentException("not a range of addresses: " + first + "-" + last);
    }
  }

  /** Reads {@code first-last}. */
  @JsonCreator
  public static IpRange parse(String text) {
    var dash = text.indexOf('-');
    if (dash < 0) {
      throw new IllegalArgumentException("not a range (first-last): " + text);
    }
    return new IpRange(
        IpAddress.parseBound(text.substring(0, dash)),
        IpAddress.parseBound(text.substring(dash + 1)));
  }

  public Family family() {
    return first.family();
  }

  public boolean contains(IpAddress address) {
    return address.family() == family()
        && first.compareTo(address) <= 0
        && address.compareTo(last) <= 0;
  }

  /** Returns the same addresses as disjoint ranges in order, with adjoining ranges merged. */
  public static List<IpRange> merge(Collection<IpRange> ranges) {
    var merged = new ArrayList<IpRange>();
    for (var range : ranges.stream().sorted().toList()) {
      var before = merged.isEmpty() ? null : merged.getLast();
      if (before != null
          && before.family() == range.family()
          && (before.contains(range.first) || before.last.next().equals(range.first))) {
        var last = before.last.compareTo(range.last) > 0 ? before.last : range.last;
        merged.set(merged.size() - 1, new IpRange(before.first, last));
      } else {
        merged.add(range);
      }
    }
    return List.copyOf(merged);
  }

  /** Returns what is left of this range without the others, as disjoint ranges in order. */
  public List<IpRange> minus(Collection<IpRange> others) {
    var left = new ArrayList<IpRange>();
    var from = first;
    for (var hole : merge(others.stream().filter(o -> o.overlaps(this)).toList())) {
      if (from.compareTo(hole.first) < 0) {
        left.add(new IpRange(from, hole.first.previous()));
      }
      if (hole.last.compareTo(last) >= 0) {
        return List.copyOf(left);
      }
      from = hole.last.next();
    }
    left.add(new IpRange(from, last));
    return List.copyOf(left);
  }

  /** Returns whether an address is in both ranges. */
  public boolean overlaps(IpRange other) {
    return family() == other.family()
        && first.compareTo(other.last) <= 0
        && other.first.compareTo(last) <= 0;
  }

  @Override
  public int compareTo(IpRange other) {
    var byFirst = first.compareTo(other.first);
    return byFirst != 0 ? byFirst : last.compareTo(other.last);
  }

  @Override
  @JsonValue
  public String toString() {
    return first + "-" + last;
  }
}
