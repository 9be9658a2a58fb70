package io.portcullis.bench.chaos;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The history of what one node's kernel held, as its own transactions tell it. Times are
 * microseconds since 1970.
 *
 * <p>A version's table says when its programming began, which is before its first transaction; what
 * was held before is held at most until the transaction was heard of.
 */
public final class Timeline {
  /** The longest time between a transaction's commit and its report. */
  private static final long LONGEST_TO_HEAR = 2_000_000;

  private static final Pattern STAMP =
      Pattern.compile(
          "add rule inet portcullis stamp return comment \"(\\d+) \\S+ ([0-9a-f]{64}) (\\d+)\".*");
  private static final Pattern ELEMENT =
      Pattern.compile("(?:add|delete) element inet portcullis (\\S+) .*");

  /** The time in the stamp of a table that holds no version. */
  private static final String CLOSED = "0";

  /** The set of pods' links, which is no part of a version. */
  private static final String LINKS = "pod_links";

  private final List<Held> all = new ArrayList<>();
  private final List<Stamped> stamps = new ArrayList<>();
  private final Set<Stamped> recalled = new HashSet<>();

  /** The state of the kernel. */
  private sealed interface State {
    /** The state without a table: everything passes. */
    record Nothing() implements State {}

    record Version(Stamped stamp) implements State {}

    /** The state after a boot in which no pod is known: the guard closes all. */
    record Closed() implements State {}

    /** The state in which some steps from that version to the next are done and others are not. */
    record Between(Stamped before) implements State {}
  }

  /** A state with the longest time that it can have lasted. */
  private record Held(long from, long to, State state, boolean swap) {}

  /**
   * A version, as the stamp in the kernel's table names it.
   *
   * @param number the version's number
   * @param digest the digest of all that it holds, including wide sets
   * @param heard when the transaction with it was read, microseconds since 1970
   */
  public record Stamped(long number, String digest, long heard) {}

  /**
   * What may have been in force during some time.
   *
   * @param versions the first and last version of each part of that time
   * @param nothing whether the table may have been missing
   * @param closed whether no pod may have been known, and all been closed
   * @param unsettled whether a change may have been under way that restricts more than any version
   */
  public record Possible(List<Span> versions, boolean nothing, boolean closed, boolean unsettled) {
    /** All versions from one to another, both included. */
    public record Span(Stamped first, Stamped last) {
      @Override
      public String toString() {
        return first.equals(last)
            ? Long.toString(first.number())
            : first.number() + " to " + last.number();
      }
    }
  }

  /** Records the table that exists before the first transaction. */
  public synchronized void begin(Optional<Stamped> stamp, long now) {
    stamp.ifPresent(stamps::add);
    State state = stamp.<State>map(State.Version::new).orElseGet(State.Nothing::new);
    all.add(new Held(now, Long.MAX_VALUE, state, false));
  }

  /**
   * Records a transaction, as nft prints it.
   *
   * @param lines the changes, a line each
   * @param heard when it was read
   */
  public synchronized void add(List<String> lines, long heard) {
    var last = all.getLast();
    var state = last.state();
    var swap = last.swap();
    var from = heard - LONGEST_TO_HEAR;
    for (var line : lines) {
      var stamp = STAMP.matcher(line);
      var element = ELEMENT.matcher(line);
      if (stamp.matches()) {
        from = Math.max(from, Long.parseLong(stamp.group(3)));
        state = stamped(stamp, state, heard);
      } else if (line.strip().equals("delete table inet portcullis")) {
        state = new State.Nothing();
      } else if (line.strip().equals("add table inet portcullis_swap")) {
        swap = true;
      } else if (line.strip().equals("delete table inet portcullis_swap")) {
        swap = false;
      }
      if (element.matches() && !element.group(1).equals(LINKS)) {
        state = begun(last.state(), state);
      }
    }
    next(new Held(from, Long.MAX_VALUE, state, swap), heard);
  }

  private State stamped(Matcher stamp, State before, long heard) {
    if (stamp.group(3).equals(CLOSED)) {
      return new State.Closed();
    }
    stamps.add(new Stamped(Long.parseLong(stamp.group(1)), stamp.group(2), heard));
    if (before instanceof State.Nothing) {
      recalled.add(stamps.getLast());
    }
    return new State.Version(stamps.getLast());
  }

  /**
   * Tells whether there was no table before that of this version. An agent that finds none loads
   * what the node's disk has, which may be a little older than what was enforced last.
   */
  synchronized boolean isRecalled(Stamped stamp) {
    return recalled.contains(stamp);
  }

  /**
   * Returns the state after a member or an endpoint changed. A stamp in the same transaction
   * decides instead.
   */
  private static State begun(State before, State now) {
    return now.equals(before) && now instanceof State.Version(var stamp)
        ? new State.Between(stamp)
        : now;
  }

  private void next(Held held, long heard) {
    var last = all.removeLast();
    if (last.state().equals(held.state()) && last.swap() == held.swap()) {
      all.add(last);
      return;
    }
    all.add(new Held(last.from(), heard, last.state(), last.swap()));
    all.add(held);
  }

  /** Returns what may have been in force at some moment of this time. */
  public synchronized Possible possible(long from, long to) {
    var versions = new ArrayList<Possible.Span>();
    var nothing = false;
    var closed = false;
    var unsettled = false;
    for (var i = 0; i < all.size(); i++) {
      var held = all.get(i);
      if (held.to() < from || held.from() > to) {
        continue;
      }
      unsettled |= held.swap() || held.state() instanceof State.Between;
      switch (held.state()) {
        case State.Nothing _ -> nothing = true;
        case State.Closed _ -> closed = true;
        case State.Version(var stamp) -> versions.add(new Possible.Span(stamp, stamp));
        case State.Between(var before) ->
            versions.add(new Possible.Span(before, versionAfter(i, before)));
      }
    }
    return new Possible(List.copyOf(versions), nothing, closed, unsettled);
  }

  private Stamped versionAfter(int index, Stamped before) {
    return all.stream()
        .skip(index + 1)
        .map(Held::state)
        .filter(State.Version.class::isInstance)
        .map(State.Version.class::cast)
        .map(State.Version::stamp)
        .findFirst()
        .orElse(before);
  }

  /**
   * Returns the versions that the tables' stamps named, in the order in which they were reported.
   */
  public synchronized List<Stamped> stamps() {
    return List.copyOf(stamps);
  }
}
