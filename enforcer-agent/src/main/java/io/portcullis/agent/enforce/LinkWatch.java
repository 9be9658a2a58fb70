package io.portcullis.agent.enforce;

import io.portcullis.agent.drift.ReadBackSchedule;
import io.portcullis.agent.links.PodLinks;
import io.portcullis.agent.netlink.Rtnetlink;
import io.portcullis.net.IpAddress;
import io.portcullis.retry.Backoff;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the links of local pods (T14), and again when links, routes or the pods have changed. The
 * loop's thread uses it; any thread reads {@link #found} and {@link #trouble}.
 */
public final class LinkWatch {
  private static final Logger LOG = LoggerFactory.getLogger(LinkWatch.class);

  private final Optional<Rtnetlink> network;
  private final Optional<PodLinks> always;
  private final Backoff retry = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private Optional<RuleSet> of = Optional.empty();
  private Set<IpAddress> pods = Set.of();
  private final ReadBackSchedule looks = new ReadBackSchedule();
  private long changes;
  private volatile PodLinks found = PodLinks.NONE;
  private volatile Optional<String> trouble = Optional.empty();

  private LinkWatch(Optional<Rtnetlink> network, Optional<PodLinks> always) {
    this.network = network;
    this.always = always;
  }

  /**
   * Makes one that finds links.
   *
   * @param network empty where links and routes cannot be read
   */
  public static LinkWatch on(Optional<Rtnetlink> network) {
    var watch = new LinkWatch(network, Optional.empty());
    if (network.isEmpty()) {
      watch.trouble = Optional.of("links and routes cannot be read on this machine");
    }
    return watch;
  }

  /** Makes one that finds none: the operator does not want pods to be held to their addresses. */
  public static LinkWatch off() {
    var watch = new LinkWatch(Optional.empty(), Optional.of(PodLinks.NONE));
    watch.trouble = Optional.of("off");
    return watch;
  }

  /** Returns what was found last. */
  public PodLinks found() {
    return found;
  }

  /** Returns why the links are not known, as long as that goes on. */
  public Optional<String> trouble() {
    return trouble;
  }

  /** Returns the links of these pods, if they may have changed. */
  Optional<PodLinks> look(RuleSet rules) {
    if (network.isEmpty()) {
      return always;
    }
    try {
      return lookIfChanged(network.get(), rules);
    } catch (IOException | RuntimeException e) {
      looks.forget();
      retry.failed();
      if (trouble.isEmpty()) {
        LOG.error("the links of pods cannot be found", e);
      }
      trouble = Optional.of("links and routes cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<PodLinks> lookIfChanged(Rtnetlink kernel, RuleSet rules) throws IOException {
    var hasOtherPods = hasOtherPods(rules);
    if (kernel.hasChanged() || hasOtherPods) {
      changes++;
    }
    var began = System.nanoTime();
    var version = OptionalLong.of(changes);
    if (!looks.isDue(version, began) || trouble.isPresent() && !retry.isDue()) {
      return Optional.empty();
    }
    found = PodLinks.of(kernel.read(), pods);
    looks.looked(version, began, System.nanoTime());
    trouble = Optional.empty();
    retry.succeeded();
    return Optional.of(found);
  }

  /** Returns whether nothing is to be found until links, routes or pods change. */
  boolean isAtRest() {
    return network.isEmpty() || trouble.isEmpty() && looks.isUnmoved(OptionalLong.of(changes));
  }

  /** Returns whether the pods are others than at the last look. Few versions change them. */
  private boolean hasOtherPods(RuleSet rules) {
    if (of.filter(known -> known == rules).isPresent()) {
      return false;
    }
    of = Optional.of(rules);
    var now = rules.endpoints().stream().map(Endpoint::ip).collect(Collectors.toSet());
    if (now.equals(pods)) {
      return false;
    }
    pods = now;
    return true;
  }
}
