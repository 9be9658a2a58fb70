package io.portcullis.policy.reach;

/**
 * Ports that are decided alike between two ends.
 *
 * @param egress what decides at the source
 * @param ingress what decides at the destination
 */
public record Part(PortSet ports, Decider egress, Decider ingress) {

  /** Tells whether both ends allow it (T1). */
  public boolean allowed() {
    return egress.allows() && ingress.allows();
  }
}
