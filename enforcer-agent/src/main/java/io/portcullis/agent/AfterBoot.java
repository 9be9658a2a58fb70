package io.portcullis.agent;

import io.portcullis.agent.cni.Attachment;
import io.portcullis.agent.cni.MovedPods;
import io.portcullis.agent.version.Version;
import io.portcullis.nft.GuardLease;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds versions back after a boot until the watcher is heard, and until they say of each pod where
 * the node's container runtime has it now (C3). What the topic has may be of before the boot, and
 * so may what the API server has until the kubelet has told the new addresses: pods would get the
 * rules of those that had their addresses then. Nothing is held back while the guard does not
 * stand, because the node would be open meanwhile, and not for long where the runtime never agrees.
 * The loop's thread uses it; any thread asks for the marker.
 */
final class AfterBoot {
  private static final Logger LOG = LoggerFactory.getLogger(AfterBoot.class);

  /** A kubelet starts all pods of a node, and tells where they are, within less. */
  private static final Duration LONGEST_DISAGREEMENT = Duration.ofSeconds(60);

  private static final int MOST_TOLD = 5;

  private final LongSupplier heartbeats;
  private final Supplier<Optional<List<Attachment>>> pods;
  private final LongSupplier nanos;
  private volatile Optional<Held> held = Optional.empty();
  private Optional<Long> heardNanos = Optional.empty();
  private boolean waits;
  private boolean isDisagreementTold;

  /** A version that is held back, as far as it is needed later. */
  private record Held(Marker marker, Collection<Endpoint> endpoints) {}

  /**
   * Holds nothing back yet.
   *
   * @param heartbeats how often the watcher's heartbeat has changed since the agent's start
   * @param pods that the node's container runtime has; empty where that is not known
   * @param nanos the monotonic time
   */
  AfterBoot(
      LongSupplier heartbeats, Supplier<Optional<List<Attachment>>> pods, LongSupplier nanos) {
    this.heartbeats = heartbeats;
    this.pods = pods;
    this.nanos = nanos;
  }

  /** Begins to hold versions back. */
  void begin() {
    waits = true;
  }

  /** Returns whether this version is not to be enforced: what it says is read again later. */
  boolean holdsBack(Version version) {
    if (waits) {
      if (held.isEmpty()) {
        LOG.info(
            "version {} is held back until the watcher is heard: pods may have other addresses",
            version.marker().number());
      }
      held = Optional.of(new Held(version.marker(), version.rules().endpoints()));
    }
    return waits;
  }

  /** Returns the marker of the newest version that was held back. */
  Optional<Marker> heldBack() {
    return held.map(Held::marker);
  }

  /**
   * Returns, once, that what was held back is to be read again.
   *
   * @param guard what is left of the guard
   */
  boolean ends(GuardLease guard) {
    var isClosed = !(guard instanceof GuardLease.None);
    if (!waits || isClosed && (heartbeats.getAsLong() == 0 || isDoubtful())) {
      return false;
    }
    waits = false;
    return held.isPresent();
  }

  /** Returns whether the newest version is not to be believed yet. */
  private boolean isDoubtful() {
    heardNanos = heardNanos.or(() -> Optional.of(nanos.getAsLong()));
    var moved =
        held.flatMap(
                version ->
                    pods.get()
                        .map(attached -> MovedPods.among(version.endpoints(), attached))
                        .filter(endpoints -> !endpoints.isEmpty()))
            .orElseGet(List::of);
    if (moved.isEmpty()) {
      return false;
    }
    if (nanos.getAsLong() - heardNanos.get() >= LONGEST_DISAGREEMENT.toNanos()) {
      LOG.warn("enforced though the container runtime does not have them there: {}", text(moved));
      return false;
    }
    if (!isDisagreementTold) {
      LOG.info("waiting until the container runtime has them there: {}", text(moved));
      isDisagreementTold = true;
    }
    return true;
  }

  private static String text(List<Endpoint> endpoints) {
    var more = endpoints.size() - MOST_TOLD;
    return endpoints.stream()
            .limit(MOST_TOLD)
            .map(endpoint -> "pod " + endpoint.pod() + " at " + endpoint.ip())
            .collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }
}
