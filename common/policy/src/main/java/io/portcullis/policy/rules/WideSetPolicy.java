package io.portcullis.policy.rules;

/**
 * Decides which sets are wide, which means published once for many nodes. A set is wide when more
 * than a quarter of the nodes need it and the cluster has enough nodes for that to be less work.
 *
 * @param minNodes how many nodes a cluster with wide sets has at least
 */
public record WideSetPolicy(int minNodes) {
  /** No set is wide. */
  public static final WideSetPolicy NEVER = new WideSetPolicy(Integer.MAX_VALUE);

  private static final int QUARTERS = 4;

  boolean isWide(int span, int nodes) {
    return nodes >= minNodes && QUARTERS * (long) span > nodes;
  }
}
