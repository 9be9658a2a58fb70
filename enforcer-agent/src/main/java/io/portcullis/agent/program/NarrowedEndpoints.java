package io.portcullis.agent.program;

import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.RuleSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Remembers which endpoints are narrowed in the kernel, and since when (C2). One that is narrowed
 * stays so until all connections have been looked at after that. One thread uses it.
 */
public final class NarrowedEndpoints {
  private final LongSupplier nanos;
  private final SortedMap<IpAddress, Long> since = new TreeMap<>();
  private Optional<Set<IpAddress>> cut = Optional.empty();
  private boolean isKnown;

  /**
   * Starts without any.
   *
   * @param nanos a clock that never goes back, the one that looks at connections are timed by
   */
  public NarrowedEndpoints(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Returns what the next change is planned with. */
  public LiveState state() {
    return new LiveState(new TreeSet<>(since.keySet()), cut);
  }

  /** Learns what the kernel was found to hold. Only the first time counts: an earlier agent's. */
  public void found(SortedSet<IpAddress> inKernel) {
    if (!isKnown) {
      narrow(inKernel);
    }
  }

  /** Learns that a plan was carried out that leads to these rules. */
  public void committed(Plan plan, RuleSet rules) {
    if (plan.isOfNewTable()) {
      since.clear();
      narrow(LiveState.endpoints(rules));
    } else {
      since.keySet().removeIf(ip -> rules.endpoint(ip).isEmpty());
      narrow(plan.narrowed());
    }
  }

  private void narrow(SortedSet<IpAddress> ips) {
    isKnown = true;
    var now = nanos.getAsLong();
    ips.forEach(ip -> since.put(ip, now));
  }

  /**
   * Learns of a look at all connections.
   *
   * @param ends of connections that are cut
   */
  public void looked(Set<IpAddress> ends) {
    cut = Optional.of(Set.copyOf(ends));
  }

  /**
   * Returns those that stay narrowed after a look. While any does, so do ends of connections that
   * are cut: where only some ends of a connection are asked, the others have cut none.
   *
   * @param settledNanos those that were narrowed before that are settled
   */
  public SortedSet<IpAddress> left(long settledNanos) {
    var left = new TreeSet<IpAddress>();
    since.forEach(
        (ip, began) -> {
          if (began - settledNanos >= 0) {
            left.add(ip);
          }
        });
    if (!left.isEmpty()) {
      cut.orElseGet(since::keySet).stream().filter(since::containsKey).forEach(left::add);
    }
    return left;
  }

  /** Learns that the kernel holds only these any more. */
  public void stayed(SortedSet<IpAddress> left) {
    since.keySet().retainAll(left);
  }
}
