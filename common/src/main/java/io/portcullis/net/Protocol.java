package io.portcullis.net;

import java.util.Locale;

/** The protocols that a policy's port can name (N8). */
public enum Protocol {
  TCP,
  UDP,
  SCTP;

  /** As nft writes it: {@code tcp}. */
  public String nft() {
    return name().toLowerCase(Locale.ROOT);
  }
}
