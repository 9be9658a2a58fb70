package io.portcullis.agent.links;

import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where new pods are guarded (C1).
 *
 * @param links over which they are
 * @param cidrs whether pod CIDRs are this node's; where they are not, nothing is guarded by them
 * @param unusable why some links are not guarded that should be, if there are any
 */
public record GuardScope(GuardLinks links, PodCidrCheck cidrs, Optional<String> unusable) {

  /**
   * Decides where the guard stands.
   *
   * @param wanted what the operator chose
   * @param pods addresses of local pods
   */
  public static GuardScope of(
      Network network,
      GuardLinks wanted,
      Collection<IpAddress> pods,
      Collection<IpRange> podCidrs) {
    var out = PodLinks.leadingOut(network).stream().filter(wanted::match).toList();
    var unusable =
        out.isEmpty()
            ? Optional.<String>empty()
            : Optional.of(
                "PORTCULLIS_GUARD_LINKS: what matches "
                    + String.join(", ", out)
                    + " is not used, because a default route leads there");
    return new GuardScope(wanted.without(out), PodCidrCheck.of(network, pods, podCidrs), unusable);
  }

  /** Returns what is not guarded that should be, and why. */
  public Optional<String> trouble() {
    var reasons = Stream.concat(cidrs.text().stream(), unusable.stream()).toList();
    return reasons.isEmpty()
        ? Optional.empty()
        : Optional.of(reasons.stream().collect(Collectors.joining("; ")));
  }

  /** Returns where the guard stands, in words. */
  public String text() {
    return "pod CIDRs " + cidrs.text().orElse("guarded") + ", links " + links.patterns();
  }
}
