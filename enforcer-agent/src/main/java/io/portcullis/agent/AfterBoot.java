package io.portcullis.agent;

import io.portcullis.agent.version.Version;
import io.portcullis.nft.GuardLease;
import io.portcullis.ruleset.Marker;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds versions back after a boot until the watcher is heard (C3). What the topic has may be of
 * before the boot, and would give pods the rules of those that had their addresses then. Nothing is
 * held back while the guard does not stand: the node would be open meanwhile. The loop's thread
 * uses it; any thread asks for the marker.
 */
final class AfterBoot {
  private static final Logger LOG = LoggerFactory.getLogger(AfterBoot.class);

  private final LongSupplier heartbeats;
  private volatile Optional<Marker> heldBack = Optional.empty();
  private boolean waits;

  /**
   * @param heartbeats how often the watcher's heartbeat has changed since the agent's start
   */
  AfterBoot(LongSupplier heartbeats) {
    this.heartbeats = heartbeats;
  }

  /** Begins to hold versions back. */
  void begin() {
    waits = true;
  }

  /** Returns whether this version is not to be enforced: what it says is read again later. */
  boolean holdsBack(Version version) {
    if (waits) {
      if (heldBack.isEmpty()) {
        LOG.info(
            "version {} is held back until the watcher is heard: pods may have other addresses",
            version.marker().number());
      }
      heldBack = Optional.of(version.marker());
    }
    return waits;
  }

  /** Returns the marker of the newest version that was held back. */
  Optional<Marker> heldBack() {
    return heldBack;
  }

  /**
   * Returns, once, that what was held back is to be read again.
   *
   * @param guard what is left of the guard
   */
  boolean ends(GuardLease guard) {
    var isClosed = !(guard instanceof GuardLease.None);
    if (!waits || isClosed && heartbeats.getAsLong() == 0) {
      return false;
    }
    waits = false;
    return heldBack.isPresent();
  }
}
