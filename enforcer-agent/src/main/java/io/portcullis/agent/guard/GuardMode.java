package io.portcullis.agent.guard;

import java.util.Arrays;
import java.util.Locale;

/** The setting of what happens to pods that are not known yet (C1). */
public enum GuardMode {
  /** Nothing passes to and from them while the heartbeat comes. */
  ISOLATE,
  /** Nothing passes to and from them at any time. */
  STRICT,
  /** Everything passes, as if no policy selected them. */
  OFF;

  /**
   * Parses the setting.
   *
   * @throws IllegalArgumentException with the setting's name and its possible values
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
