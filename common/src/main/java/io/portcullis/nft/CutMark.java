package io.portcullis.nft;

/** The bit of a connection's mark (conntrack) that says that it is cut (C2). */
public final class CutMark {
  public static final int BIT = 0x0400_0000;

  private CutMark() {}
}
