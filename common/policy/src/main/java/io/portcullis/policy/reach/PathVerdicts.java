package io.portcullis.policy.reach;

import io.portcullis.policy.rules.PodChains;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.SetKind;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.roaringbitmap.RoaringBitmap;

/**
 * What the chains of one path of traffic decide, for all peers and all ports at once. Each rule
 * takes those peers that it matches from those that are left, in the order of the rules.
 *
 * @param slots intervals of ports, in order and without gaps; all ports of one are decided alike
 */
record PathVerdicts(List<Slot> slots) {

  /**
   * An interval of ports.
   *
   * @param end the code after the last one
   * @param shares which peers each decider decides for; each peer is in one of them
   */
  record Slot(int from, int end, List<Share> shares) {
    Decider decider(int peer) {
      for (var share : shares) {
        if (share.peers().contains(peer)) {
          return share.decider();
        }
      }
      throw new IllegalArgumentException("nothing decides for peer " + peer);
    }

    /** Returns the peers that are allowed. */
    RoaringBitmap allowed() {
      var all = new RoaringBitmap();
      shares.stream().filter(share -> share.decider().allows()).forEach(s -> all.or(s.peers()));
      return all;
    }
  }

  record Share(Decider decider, RoaringBitmap peers) {}

  /**
   * Returns the verdicts on a path of a pod's traffic.
   *
   * @param asked the peers that are asked about
   */
  static PathVerdicts of(
      PeerSpace space, Snapshot snapshot, PodChains pod, TrafficPath path, RoaringBitmap asked) {
    var first = pod.first(path);
    return first.isPresent()
        ? new Evaluation(space, snapshot, pod, asked).verdicts(first.get())
        : nobody(asked);
  }

  /** Returns the verdicts of an end that no policy touches (T1). */
  static PathVerdicts nobody(RoaringBitmap asked) {
    return new PathVerdicts(
        List.of(new Slot(0, PortSet.END, List.of(new Share(Decider.NOBODY, asked)))));
  }

  /** Evaluates the chains of one pod. */
  private record Evaluation(
      PeerSpace space, Snapshot snapshot, PodChains pod, RoaringBitmap asked) {

    PathVerdicts verdicts(Chain first) {
      var cuts = new TreeSet<Integer>();
      cuts.add(0);
      cut(first, cuts);
      var slots = new ArrayList<Slot>();
      for (var from : cuts) {
        var next = cuts.higher(from);
        if (from < PortSet.END) {
          var shares = new ArrayList<Share>();
          walk(first, asked.clone(), from, shares);
          slots.add(new Slot(from, next == null ? PortSet.END : next, List.copyOf(shares)));
        }
      }
      return new PathVerdicts(List.copyOf(slots));
    }

    /** Adds the codes at which any rule of the chain may begin or cease to match. */
    private void cut(Chain chain, TreeSet<Integer> cuts) {
      for (var rule : chain.rules()) {
        for (var range : rule.ports().ranges()) {
          cuts.add(PortSet.first(range));
          cuts.add(PortSet.end(range));
        }
        for (var code : named(rule)) {
          cuts.add(code);
          cuts.add(code + 1);
        }
        next(rule.action()).ifPresent(next -> cut(next, cuts));
      }
      next(chain.end()).ifPresent(next -> cut(next, cuts));
    }

    /** Returns the codes of the ports that a rule's set names (N9). */
    private Collection<Integer> named(Rule rule) {
      return rule.peers()
          .filter(set -> set.kind() == SetKind.HOST_PORTS)
          .map(set -> space.members(snapshot.set(set)).codes())
          .orElse(List.of());
    }

    private Optional<Chain> next(Action action) {
      return switch (action) {
        case Action.Accept _, Action.Deny _ -> Optional.empty();
        case Action.Continue(var id) -> Optional.of(pod.chain(id));
      };
    }

    private Optional<PeerSet> peers(Rule rule) {
      return rule.peers().map(set -> space.members(snapshot.set(set)));
    }

    /**
     * Decides for these peers.
     *
     * @param left the peers; what is decided is taken from them
     */
    private void walk(Chain chain, RoaringBitmap left, int code, List<Share> shares) {
      for (var rule : chain.rules()) {
        if (!matches(rule, code)) {
          continue;
        }
        var taken =
            peers(rule).map(set -> RoaringBitmap.and(left, set.at(code))).orElseGet(left::clone);
        left.andNot(taken);
        decide(
            rule.action(),
            new Decider.ByRule(true, rule.causes()),
            new Decider.ByRule(false, rule.causes()),
            taken,
            code,
            shares);
      }
      decide(
          chain.end(), Decider.NOBODY, new Decider.Isolated(chain.policies()), left, code, shares);
    }

    private void decide(
        Action action,
        Decider accepting,
        Decider denying,
        RoaringBitmap taken,
        int code,
        List<Share> shares) {
      if (taken.isEmpty()) {
        return;
      }
      switch (action) {
        case Action.Accept _ -> shares.add(new Share(accepting, taken));
        case Action.Deny _ -> shares.add(new Share(denying, taken));
        case Action.Continue(var next) -> walk(pod.chain(next), taken, code, shares); // A3
      }
    }

    private static boolean matches(Rule rule, int code) {
      return rule.ports().any()
          || rule.ports().ranges().stream()
              .anyMatch(range -> PortSet.first(range) <= code && code < PortSet.end(range));
    }
  }
}
