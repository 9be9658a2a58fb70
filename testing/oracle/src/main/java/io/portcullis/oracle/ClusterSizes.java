package io.portcullis.oracle;

/**
 * The sizes of random clusters. Few names and addresses make dense clusters, in which policies meet
 * and later objects replace earlier ones with the same name.
 *
 * @param names how many names there are of each kind of object
 * @param podAddresses how many addresses pods share, in each family
 * @param namespaces how many namespaces are drawn
 * @param pods how many pods are drawn
 * @param networkPolicies how many NetworkPolicies are drawn, of both API groups
 * @param tieredPolicies how many ClusterNetworkPolicies, AdminNetworkPolicies and
 *     BaselineAdminNetworkPolicies are drawn
 */
public record ClusterSizes(
    Names names,
    int podAddresses,
    Range namespaces,
    Range pods,
    Range networkPolicies,
    Range tieredPolicies) {
  /** Clusters that a naive oracle decides in milliseconds. */
  public static final ClusterSizes SMALL =
      new ClusterSizes(
          new Names(3, 2, 3, 2, 3),
          7,
          new Range(0, 3),
          new Range(3, 9),
          new Range(0, 4),
          new Range(0, 6));

  /**
   * How many names there are.
   *
   * @param namespaces of namespaces
   * @param nodes of nodes
   * @param pods of pods in each namespace
   * @param networkPolicies of NetworkPolicies in each namespace
   * @param tieredPolicies of tiered policies
   */
  public record Names(
      int namespaces, int nodes, int pods, int networkPolicies, int tieredPolicies) {}

  /** How many objects are drawn: at least and at most. */
  public record Range(int least, int most) {
    public Range {
      if (least < 0 || most < least) {
        throw new IllegalArgumentException("not a range: " + least + " to " + most);
      }
    }
  }
}
