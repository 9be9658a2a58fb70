package io.portcullis.net;

/** An IP family; every pod address, set and chain belongs to exactly one (T8). */
public enum Family {
  V4(32),
  V6(128);

  private final int bits;

  Family(int bits) {
    this.bits = bits;
  }

  /** Length of an address in bits. */
  public int bits() {
    return bits;
  }

  /** The suffix that names of this family carry: {@code v4} or {@code v6}. */
  public String suffix() {
    return this == V4 ? "v4" : "v6";
  }
}
