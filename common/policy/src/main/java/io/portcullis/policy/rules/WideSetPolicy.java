package io.portcullis.policy.rules;

/**
 * Which sets are published once for many nodes: those that more than a quarter of them need, where
 * there are enough of them for that to be less work.
 *
 * @param fewestNodes that a cluster has with wide sets
 */
public record WideSetPolicy(int fewestNodes) {
  /** No set is wide. */
  public static final WideSetPolicy NEVER = new WideSetPolicy(Integer.MAX_VALUE);

  private static final int PART = 4;

  boolean isWide(int span, int nodes) {
    return nodes >= fewestNodes && PART * (long) span > nodes;
  }
}
