package io.portcullis.lab.screen;

import java.io.PrintWriter;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A terminal that is redrawn, or a file to which changes are appended. Any thread may use it. */
public final class Screen {
  private static final String HOME_AND_CLEAR = "\033[H\033[2J\033[3J";
  private static final int KEPT_EVENTS = 5;

  private final PrintWriter out;
  private final boolean terminal;
  private final Deque<String> events = new ArrayDeque<>();
  private List<String> drawn = List.of();
  private List<String> drawnFooter = List.of();

  /**
   * Creates the screen.
   *
   * @param out the terminal or file
   * @param terminal whether it can be cleared
   */
  public Screen(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Shows these lines; does nothing if they are shown already. */
  public synchronized void draw(List<String> lines, List<String> footer) {
    if (terminal) {
      drawAnew(lines, footer);
    } else {
      add(lines, footer);
    }
  }

  private void drawAnew(List<String> lines, List<String> footer) {
    var whole = new ArrayList<>(lines);
    if (!events.isEmpty()) {
      whole.add("");
      whole.addAll(events);
    }
    whole.add("");
    whole.addAll(footer);
    if (!whole.equals(drawn)) {
      out.print(HOME_AND_CLEAR);
      whole.forEach(out::println);
      out.flush();
      drawn = whole;
    }
  }

  private void add(List<String> lines, List<String> footer) {
    if (!lines.equals(drawn)) {
      out.println();
      lines.forEach(out::println);
      drawn = List.copyOf(lines);
    }
    if (!footer.equals(drawnFooter)) {
      out.println();
      footer.forEach(out::println);
      drawnFooter = List.copyOf(footer);
    }
    out.flush();
  }

  /** Shows that something happened. */
  public synchronized void event(String text) {
    var line = LocalTime.now().truncatedTo(ChronoUnit.MILLIS) + "  " + text;
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
