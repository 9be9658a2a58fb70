package io.portcullis.lab.network;

/**
 * The addresses of the management network: one /24 of 169.254.96.0/19, link-local addresses that
 * neither manifests nor clouds' metadata servers use.
 *
 * @param block which of them, 0–31; the name of the link in the starting namespace carries it, so
 *     that two labs cannot take the same
 */
public record ManagementNetwork(int block) {
  static final int BLOCKS = 32;

  /** Addresses 10–250 are for nodes. */
  static final int MAX_NODES = 240;

  public ManagementNetwork {
    if (block < 0 || block >= BLOCKS) {
      throw new IllegalArgumentException("not a block of the management network: " + block);
    }
  }

  /** The link in the namespace that the lab was started in. */
  String link() {
    return "pclab" + block;
  }

  String network() {
    return address(0) + "/24";
  }

  /** Where the lab itself stands. */
  String lab() {
    return address(1);
  }

  /** Where Kafka, the watchers and the compilers listen. */
  public String servers() {
    return address(2);
  }

  /**
   * Where a node's agent listens.
   *
   * @param index of the node in the lab, from 0
   */
  public String node(int index) {
    if (index >= MAX_NODES) {
      throw new IllegalArgumentException("a lab has at most " + MAX_NODES + " nodes");
    }
    return address(10 + index);
  }

  private String address(int host) {
    return "169.254." + (96 + block) + "." + host;
  }
}
