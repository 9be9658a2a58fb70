package io.portcullis.policy.lint;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.TieredRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A rule with its place.
 *
 * @param policy that the rule stands in
 * @param index of the rule in its direction, from 0
 */
record WrittenRule(ClusterObject policy, Direction direction, int index, PolicyRule match) {

  /** Returns the rules that have an effect, without those that stand for refused ones. */
  static List<WrittenRule> of(ClusterObject policy) {
    var rules = new ArrayList<WrittenRule>();
    for (var direction : Direction.values()) {
      rules.addAll(of(policy, direction));
    }
    return rules;
  }

  /** Returns those of one direction, in the order written. */
  static List<WrittenRule> of(ClusterObject policy, Direction direction) {
    var matches =
        switch (policy) {
          case NetworkPolicy p ->
              has(p, direction) ? p.rules(direction) : List.<PolicyRule>of(); // N2, L3
          case TieredPolicy p -> p.rules(direction).stream().map(TieredRule::match).toList();
          case ClusterObject.Pod _, ClusterObject.Namespace _, ClusterObject.Node _ ->
              List.<PolicyRule>of();
        };
    return IntStream.range(0, matches.size())
        .filter(i -> matches.get(i).refused().isEmpty())
        .mapToObj(i -> new WrittenRule(policy, direction, i, matches.get(i)))
        .toList();
  }

  private static boolean has(NetworkPolicy policy, Direction direction) {
    return policy.types().contains(direction) || policy.legacy() && direction == Direction.INGRESS;
  }

  /** Returns the rule's path: {@code spec.ingress[1]}. */
  String field() {
    return section(direction) + "[" + index + "]";
  }

  /** Returns the path of the rules of a direction. */
  static String section(Direction direction) {
    return switch (direction) {
      case INGRESS -> "spec.ingress";
      case EGRESS -> "spec.egress";
    };
  }

  String peersField() {
    return field()
        + switch (direction) {
          case INGRESS -> ".from";
          case EGRESS -> ".to";
        };
  }

  /** Returns the path of a peer, or of all where an item of the policy may be several peers. */
  String peerField(int peer) {
    return switch (policy) {
      case NetworkPolicy _ -> peersField() + "[" + peer + "]";
      case TieredPolicy _, ClusterObject.Pod _, ClusterObject.Namespace _, ClusterObject.Node _ ->
          peersField();
    };
  }

  String portsField() {
    return field() + ".ports";
  }

  /** Returns the peers that are written; none where the rule matches every peer. */
  List<Peer> peers() {
    return match.peers().orElse(List.of());
  }

  Stream<Peer.Pods> podPeers() {
    return peers().stream().filter(Peer.Pods.class::isInstance).map(Peer.Pods.class::cast);
  }
}
