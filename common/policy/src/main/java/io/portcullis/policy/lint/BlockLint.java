package io.portcullis.policy.lint;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.Peer;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.policy.explain.RuleText;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Finds blocks of addresses that hold addresses of pods (N7). */
final class BlockLint {
  private final SortedMap<IpAddress, Pod> pods;
  private final List<Cidr> podCidrs;
  private final Consumer<Finding> found;

  BlockLint(Surroundings surroundings, Consumer<Finding> found) {
    this.found = found;
    this.pods = new TreeMap<>(surroundings.cluster().owners());
    this.pods.values().removeIf(Pod::hostNetwork); // T6
    this.podCidrs =
        surroundings.nodes().stream()
            .flatMap(node -> node.podCidrs().stream())
            .sorted(java.util.Comparator.comparing(Cidr::network))
            .toList();
  }

  void check(WrittenRule rule) {
    for (var i = 0; i < rule.peers().size(); i++) {
      if (rule.peers().get(i) instanceof Peer.Block block) {
        var field = rule.peerField(i);
        podsOf(block)
            .ifPresent(
                what ->
                    found.accept(
                        Finding.of(
                            Check.BLOCK_HOLDS_PODS,
                            rule,
                            field,
                            RuleText.peer(block) + " holds " + what)));
      }
    }
  }

  private Optional<String> podsOf(Peer.Block block) {
    for (var range : ranges(block)) {
      var cidr = podCidrs.stream().filter(pods -> range.overlaps(pods.range())).findFirst();
      if (cidr.isPresent()) {
        return Optional.of("addresses of the pod CIDR " + cidr.get());
      }
      var within = pods.tailMap(range.first());
      if (!within.isEmpty() && range.contains(within.firstKey())) {
        var pod = within.get(within.firstKey()).key();
        return Optional.of(
            within.firstKey() + ", the address of pod " + pod.namespace() + "/" + pod.name());
      }
    }
    return Optional.empty();
  }

  /** Returns the addresses of a block without its exceptions. */
  static List<IpRange> ranges(Peer.Block block) {
    return block.cidr().range().minus(block.except().stream().map(Cidr::range).toList());
  }
}
