package io.portcullis.agent.connections;

import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.RuleSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A look at connections that is to be made.
 *
 * @param rules that are in force
 * @param scope whose connections are judged; empty stands for all
 * @param moved addresses that are another pod's now, or nobody's (C3)
 * @param toldNanos when the newest of the rules came
 * @param notBeforeNanos it is not made before this time
 * @param isUrgent whether it comes sooner after the look before than others
 */
record LookTask(
    RuleSet rules,
    Optional<Set<IpAddress>> scope,
    Set<IpAddress> moved,
    long toldNanos,
    long notBeforeNanos,
    boolean isUrgent) {

  /** Returns this task with what an earlier one that was not made had to do too. */
  LookTask with(LookTask earlier) {
    var allMoved = new HashSet<>(moved);
    allMoved.addAll(earlier.moved);
    return new LookTask(
        rules,
        scope.flatMap(mine -> earlier.scope.map(theirs -> union(mine, theirs))),
        allMoved,
        toldNanos,
        Math.min(notBeforeNanos, earlier.notBeforeNanos),
        isUrgent || earlier.isUrgent);
  }

  private static Set<IpAddress> union(Set<IpAddress> first, Set<IpAddress> second) {
    var both = new HashSet<>(first);
    both.addAll(second);
    return both;
  }

  /** Returns this task for a later time. */
  LookTask later(long nanos) {
    return new LookTask(rules, scope, moved, toldNanos, nanos, isUrgent);
  }

  /** Returns this task once more, without what a look has done for good. */
  LookTask again() {
    return new LookTask(rules, scope, Set.of(), toldNanos, notBeforeNanos, false);
  }

  /** Returns whether connections of these ends are judged or forgotten. */
  boolean concerns(IpAddress client, IpAddress server) {
    return scope.isEmpty()
        || scope.get().contains(client)
        || scope.get().contains(server)
        || moved.contains(client)
        || moved.contains(server);
  }
}
