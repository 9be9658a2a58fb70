package io.portcullis.net;

import java.util.Locale;

/** The protocols that a policy's port can name (N8). */
public enum Protocol {
  TCP(6),
  UDP(17),
  SCTP(132);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  /** Returns the protocol number that IANA assigned. */
  public int number() {
    return number;
  }

  /** Returns the protocol as nft writes it: {@code tcp}. */
  public String nft() {
    return name().toLowerCase(Locale.ROOT);
  }
}
