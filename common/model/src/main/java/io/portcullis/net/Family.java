package io.portcullis.net;

/** An IP family; every pod address, set and chain belongs to exactly one (T8). */
public enum Family {
  V4(32),
  V6(128);

  private final int bits;

  Family(int bits) {
    this.bits = bits;
  }

  /** Returns the length of an address in bits. */
  public int bits() {
    return bits;
  }

  /** Returns the suffix of names of this family: {@code v4} or {@code v6}. */
  public String suffix() {
    return this == V4 ? "v4" : "v6";
  }
}
