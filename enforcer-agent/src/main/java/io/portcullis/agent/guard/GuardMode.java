package io.portcullis.agent.guard;

import java.util.Arrays;
import java.util.Locale;

/** What becomes of pods that are not known yet (C1). */
public enum GuardMode {
  /** Nothing passes to and from them while the heartbeat comes. */
  ISOLATE,
  /** Nothing passes to and from them at any time. */
  STRICT,
  /** They are as free as if no policy selected them. */
  OFF;

  /**
   * Reads the setting.
   *
   * @throws IllegalArgumentException with its name and what it may be
   */
  public static GuardMode parse(String text) {
    return Arrays.stream(values())
        .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "PORTCULLIS_GUARD: not isolate, strict or off: " + text));
  }
}
