package io.portcullis.lab.screen;

import java.io.PrintWriter;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A terminal that is drawn anew, or a file where what changed is added. Any thread may tell. */
public final class Screen {
  private static final String HOME_AND_CLEAR = "\033[H\033[2J\033[3J";
  private static final int KEPT_EVENTS = 5;

  private final PrintWriter out;
  private final boolean terminal;
  private final List<String> footer;
  private final Deque<String> events = new ArrayDeque<>();
  private List<String> drawn = List.of();

  /**
   * @param terminal whether it can be cleared
   * @param footer lines that always stand below
   */
  public Screen(PrintWriter out, boolean terminal, List<String> footer) {
    this.out = out;
    this.terminal = terminal;
    this.footer = List.copyOf(footer);
  }

  /** Shows these lines; does nothing where they stand there already. */
  public synchronized void draw(List<String> lines) {
    var whole = new ArrayList<>(lines);
    if (terminal && !events.isEmpty()) {
      whole.add("");
      whole.addAll(events);
    }
    if (drawn.isEmpty() || terminal) {
      whole.add("");
      whole.addAll(footer);
    }
    if (lines.equals(drawn) && !terminal || whole.equals(drawn)) {
      return;
    }
    if (terminal) {
      out.print(HOME_AND_CLEAR);
      drawn = whole;
    } else {
      out.println();
      drawn = List.copyOf(lines);
    }
    whole.forEach(out::println);
    out.flush();
  }

  /** Something happened. */
  public synchronized void event(String what) {
    var line = LocalTime.now().truncatedTo(ChronoUnit.MILLIS) + "  " + what;
    events.addLast(line);
    if (events.size() > KEPT_EVENTS) {
      events.removeFirst();
    }
    if (!terminal) {
      out.println(line);
      out.flush();
    }
  }
}
