package io.portcullis.policy.reach;

import java.util.Comparator;

/** One end of flows, as people name it. */
public sealed interface Party extends Comparable<Party> {
  Comparator<Party> ORDER = Comparator.comparing(Party::rank).thenComparing(Party::text);

  /** Returns the name. */
  String text();

  /** Returns the place of its kind among all kinds: what is nearest to a pod first. */
  private int rank() {
    return switch (this) {
      case Pods _ -> 0;
      case ItselfThroughService _ -> 1;
      case OwnNode _ -> 2;
      case Nodes _ -> 3;
      case Outside _ -> 4;
    };
  }

  /** Pods that are one party: a pod, a workload or a namespace. */
  record Pods(String text) implements Party {}

  /** The pod that sends, reached through a service (A12). */
  record ItselfThroughService() implements Party {
    @Override
    public String text() {
      return "itself through a service";
    }
  }

  /** The node that the pod runs on (T5). */
  record OwnNode() implements Party {
    @Override
    public String text() {
      return "its own node";
    }
  }

  /** Addresses of nodes, and of pods on their networks (T6). */
  record Nodes(String text) implements Party {}

  /** Addresses that belong to no pod and to no node. */
  record Outside(String text) implements Party {}

  @Override
  default int compareTo(Party other) {
    return ORDER.compare(this, other);
  }
}
