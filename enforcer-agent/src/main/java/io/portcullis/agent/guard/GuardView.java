package io.portcullis.agent.guard;

import io.portcullis.nft.GuardLease;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The guard of new pods at one moment (C1).
 *
 * @param left how long it still stands in the kernel
 * @param openFor how long ago it ended in the kernel, if it did
 * @param beat when the heartbeat last changed, if it did since the agent's start
 * @param trouble why no heartbeat can be read, if there is a reason
 */
public record GuardView(
    GuardMode mode,
    GuardLease left,
    Optional<Duration> openFor,
    Optional<Instant> beat,
    Optional<String> trouble) {

  /** Tells whether unknown pods are closed now. */
  public boolean isActive() {
    return !(left instanceof GuardLease.None);
  }

  /** Returns the guard's state in words. */
  public String text(Instant now) {
    return switch (left) {
      case GuardLease.Ever _ -> "active";
      case GuardLease.For(var time) -> "active until " + now.plus(time);
      case GuardLease.None _ when mode == GuardMode.OFF -> "off";
      case GuardLease.None _ ->
          openFor.map(time -> "open since " + now.minus(time)).orElse("open: no heartbeat yet");
    };
  }
}
