package io.portcullis.agent.kernel;

/** Says that nft answered, but its answer cannot be read. */
public final class UnreadableException extends NftException {
  private static final long serialVersionUID = 1L;

  UnreadableException(Throwable cause) {
    super("the table in the kernel cannot be read: " + cause.getMessage(), cause);
  }
}
