package io.portcullis.ruleset;

/** The kinds of address sets; no set mixes pod addresses and networks. */
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

  /** Returns the first letters of the set's name in nft. */
  public String prefix() {
    return prefix;
  }
}
