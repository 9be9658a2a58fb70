package io.portcullis.agent.netlink;

import java.io.IOException;
import java.util.function.Supplier;

/** Loads code that calls C. Not every Java can, and not every library is there. */
public final class ForeignCode {
  private ForeignCode() {}

  /**
   * Loads something that calls C.
   *
   * @throws IOException where this Java has no foreign functions, an operator forbids them, or what
   *     is to be called is not there
   */
  public static <T> T load(Supplier<T> code) throws IOException {
    try {
      return code.get();
    } catch (VirtualMachineError e) {
      throw e;
    } catch (RuntimeException | Error e) { // an image without them throws an error of its own
      throw new IOException("this Java cannot call C: " + e, e);
    }
  }
}
