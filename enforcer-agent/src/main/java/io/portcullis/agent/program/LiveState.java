package io.portcullis.agent.program;

import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is known of live connections when a change is planned (C2).
 *
 * @param narrowed endpoints whose live connections the kernel judges again
 * @param cut addresses that were ends of connections that were cut, when all were looked at last;
 *     empty if nobody has looked yet. While any endpoint is narrowed, these are narrowed too.
 */
public record LiveState(SortedSet<IpAddress> narrowed, Optional<Set<IpAddress>> cut) {
  /** Nothing is narrowed, and nothing is cut. */
  public static final LiveState NONE = new LiveState(new TreeSet<>(), Optional.of(Set.of()));

  public LiveState {
    narrowed = Collections.unmodifiableSortedSet(new TreeSet<>(narrowed));
  }

  /** Returns the addresses of all endpoints. */
  static SortedSet<IpAddress> endpoints(RuleSet rules) {
    var all = new TreeSet<IpAddress>();
    rules.endpoints().stream().map(Endpoint::ip).forEach(all::add);
    return all;
  }

  /** Returns the endpoints of whose connections some may be cut, though they are not narrowed. */
  SortedSet<IpAddress> cutOf(RuleSet rules) {
    if (cut.isEmpty()) {
      return endpoints(rules);
    }
    var ends = new TreeSet<>(cut.get());
    ends.removeIf(ip -> rules.endpoint(ip).isEmpty());
    return ends;
  }

  /**
   * Returns the state after a change.
   *
   * @param more endpoints that it narrows
   * @param rules that it leads to
   */
  public LiveState after(SortedSet<IpAddress> more, RuleSet rules) {
    var all = new TreeSet<>(narrowed);
    all.addAll(more);
    all.removeIf(ip -> rules.endpoint(ip).isEmpty());
    return new LiveState(all, cut);
  }
}
