package io.portcullis.agent.kernel;

/** Says that nft or the kernel refused a command, or could not be asked. */
public class NftException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 2_000;

  NftException(String message) {
    super(shortened(message));
  }

  NftException(String message, Throwable cause) {
    super(shortened(message), cause);
  }

  private static String shortened(String message) {
    var text = message.strip();
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}
