package io.portcullis.ruleset;

import io.portcullis.ruleset.NodeRecord.Chain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Orders chains so that each comes after those that it refers to. */
public final class ChainOrder {
  private final SortedMap<ChainId, Chain> left = new TreeMap<>();
  private final List<Chain> ordered = new ArrayList<>();

  private ChainOrder(Collection<Chain> chains) {
    chains.forEach(chain -> left.put(chain.id(), chain));
  }

  /** Returns the chains by id, but each after those of them that it refers to. */
  public static List<Chain> byReference(Collection<Chain> chains) {
    var order = new ChainOrder(chains);
    while (!order.left.isEmpty()) {
      order.moveAfterItsTargets(order.left.firstKey());
    }
    return order.ordered;
  }

  private void moveAfterItsTargets(ChainId id) {
    var chain = left.remove(id);
    if (chain == null) {
      return;
    }
    chain.rules().forEach(rule -> moveTarget(rule.action()));
    moveTarget(chain.end());
    ordered.add(chain);
  }

  private void moveTarget(Action action) {
    switch (action) {
      case Action.Accept _, Action.Deny _ -> {}
      case Action.Continue(var next) -> moveAfterItsTargets(next);
    }
  }
}
