package io.portcullis.ruleset;

/** What an address set holds; pod addresses and networks are never mixed. */
public enum SetKind {
  /** Pod addresses, in a hash set. */
  HOSTS("u"),
  /** Disjoint ranges, in an interval set. */
  NETWORKS("n"),
  /** Address, protocol and port: named ports of peers (N9), in a hash set. */
  HOST_PORTS("p");

  private final String prefix;

  SetKind(String prefix) {
    this.prefix = prefix;
  }

  /** The first letters of the name in nft. */
  public String prefix() {
    return prefix;
  }
}
