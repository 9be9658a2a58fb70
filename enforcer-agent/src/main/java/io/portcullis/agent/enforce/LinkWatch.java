package io.portcullis.agent.enforce;

import io.portcullis.agent.cni.Attachment;
import io.portcullis.agent.cni.ExemptPods;
import io.portcullis.agent.drift.ReadBackSchedule;
import io.portcullis.agent.links.GuardLinks;
import io.portcullis.agent.links.GuardScope;
import io.portcullis.agent.links.PodCidrCheck;
import io.portcullis.agent.links.PodLinks;
import io.portcullis.agent.netlink.Rtnetlink;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.nft.LocalSets;
import io.portcullis.retry.Backoff;
import io.portcullis.retry.Outage;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the links of local pods (T14), the pods that the node itself knows and where new ones are
 * guarded (C1), and again when links, routes or the pods have changed. The loop's thread uses it;
 * any thread reads {@link #found}, {@link #known}, {@link #guarded} and {@link #trouble}.
 */
public final class LinkWatch {
  private static final Logger LOG = LoggerFactory.getLogger(LinkWatch.class);

  private final Optional<Rtnetlink> network;
  private final Local local;
  private final Optional<String> off;
  private final Backoff retry = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private Optional<RuleSet> of = Optional.empty();
  private Set<IpAddress> pods = Set.of();
  private Set<IpRange> cidrs = Set.of();
  private List<Attachment> attachments = List.of();
  private final ReadBackSchedule looks = new ReadBackSchedule();
  private long changes;
  private volatile PodLinks found = PodLinks.NONE;
  private volatile SortedSet<IpAddress> known = new TreeSet<>();
  private final Outage outage = new Outage();
  private volatile GuardScope guarded;
  private volatile Optional<String> trouble = Optional.empty();

  /**
   * What is known beside links and routes.
   *
   * @param exempt pods that the node lets pass
   * @param attachments of pods to the node, as its container runtime says; another list when they
   *     have changed
   * @param guardLinks over which new pods are guarded
   */
  public record Local(
      ExemptPods exempt, Supplier<List<Attachment>> attachments, GuardLinks guardLinks) {
    public static final Local NOTHING =
        new Local(new ExemptPods(Set.of()), List::of, GuardLinks.NONE);
  }

  private LinkWatch(Optional<Rtnetlink> network, Local local, Optional<String> off) {
    this.network = network;
    this.local = local;
    this.off = off;
    this.guarded = new GuardScope(local.guardLinks(), PodCidrCheck.AGREED, Optional.empty());
    if (network.isEmpty()) {
      trouble = Optional.of("links and routes cannot be read on this machine");
    }
  }

  /**
   * Makes one that finds links.
   *
   * @param network empty where links and routes cannot be read
   */
  public static LinkWatch on(Optional<Rtnetlink> network, Local local) {
    return new LinkWatch(network, local, Optional.empty());
  }

  /** Makes one that finds no links: the operator does not want pods held to their addresses. */
  public static LinkWatch off(Optional<Rtnetlink> network, Local local) {
    return new LinkWatch(network, local, Optional.of("off"));
  }

  /** Returns the links of pods that were found last. */
  public PodLinks found() {
    return found;
  }

  /** Returns the addresses that the node itself knows, as they were found last. */
  public SortedSet<IpAddress> known() {
    return known;
  }

  /** Returns where new pods are guarded. */
  public GuardScope guarded() {
    return guarded;
  }

  /** Returns why the links of pods are not known, as long as that goes on. */
  public Optional<String> trouble() {
    return off.or(() -> trouble);
  }

  /** Returns what there is with these pods, if it may have changed. */
  Optional<LocalSets> look(RuleSet rules) {
    if (network.isEmpty()) {
      return off.map(_ -> LocalSets.EMPTY.withGuardLinks(local.guardLinks().patterns()));
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

  private Optional<LocalSets> lookIfChanged(Rtnetlink kernel, RuleSet rules) throws IOException {
    if (kernel.hasChanged() | hasOtherPods(rules) | hasOtherAttachments()) { // each is noted
      changes++;
    }
    var began = System.nanoTime();
    var version = OptionalLong.of(changes);
    if (!looks.isDue(version, began) || trouble.isPresent() && !retry.isDue()) {
      return Optional.empty();
    }
    var now = kernel.read();
    found = off.isPresent() ? PodLinks.NONE : PodLinks.of(now, pods);
    known = Collections.unmodifiableSortedSet(local.exempt().addresses(now, attachments));
    guarded = GuardScope.of(now, local.guardLinks(), pods, cidrs);
    guarded.trouble().ifPresentOrElse(why -> outage.report(why, LOG::warn), outage::end);
    looks.looked(version, began, System.nanoTime());
    trouble = Optional.empty();
    retry.succeeded();
    return Optional.of(
        new LocalSets(found.own(), known, guarded.links().patterns(), guarded.cidrs().open()));
  }

  /** Returns whether nothing is to be found until links, routes or pods change. */
  boolean isAtRest() {
    return network.isEmpty()
        || trouble.isEmpty()
            && attachments == local.attachments().get()
            && looks.isUnmoved(OptionalLong.of(changes));
  }

  private boolean hasOtherAttachments() {
    var before = attachments;
    attachments = local.attachments().get();
    return before != attachments;
  }

  /** Returns whether pods or pod CIDRs are others than at the last look, as in few versions. */
  private boolean hasOtherPods(RuleSet rules) {
    if (of.filter(known -> known == rules).isPresent()) {
      return false;
    }
    of = Optional.of(rules);
    var now = rules.endpoints().stream().map(Endpoint::ip).collect(Collectors.toSet());
    var ranges = rules.podCidrs().stream().map(PodCidr::range).collect(Collectors.toSet());
    if (now.equals(pods) && ranges.equals(cidrs)) {
      return false;
    }
    pods = now;
    cidrs = ranges;
    return true;
  }
}
