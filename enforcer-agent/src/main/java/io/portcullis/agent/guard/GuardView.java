package io.portcullis.agent.guard;

import io.portcullis.nft.GuardLease;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The guard of new pods at one moment (C1).
 *
 * @param left how long it still stands in the kernel
 * @param known pods that it lets pass
 * @param openFor how long ago it ended in the kernel, if it did
 * @param beat when the heartbeat last changed, if it did since the agent's start
 * @param trouble why no heartbeat can be read, if there is a reason
 */
public record GuardView(
    GuardMode mode,
    GuardLease left,
    KnownPods known,
    Optional<Duration> openFor,
    Optional<Instant> beat,
    Optional<String> trouble) {

  /**
   * The pods that the node itself knows.
   *
   * @param addresses their number
   * @param trouble why there may be more, if there is a reason
   */
  public record KnownPods(int addresses, Optional<String> trouble) {
    /** Returns how many they are in words, or why they are not known. */
    public String text() {
      return trouble.orElse(addresses + " addresses of exempt pods");
    }
  }

  /** Tells whether the node may never open, because it cannot know the pods that it depends on. */
  public boolean mayLockOut() {
    return mode == GuardMode.STRICT && known.trouble().isPresent();
  }

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
