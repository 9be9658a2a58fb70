package io.portcullis.agent.kernel;

/** nft answered, and what it answered cannot be read. */
public final class UnreadableException extends NftException {
  private static final long serialVersionUID = 1L;

  UnreadableException(Throwable cause) {
    super("the table in the kernel cannot be read: " + cause.getMessage(), cause);
  }
}
