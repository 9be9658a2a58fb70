package io.portcullis.agent.program;

import java.util.function.Supplier;

/** The look-ups of one packet: so many meet the table before a transaction, the rest after it. */
final class UnderWay implements Supplier<ModelTable> {
  private final ModelTable before;
  private final ModelTable after;
  private int left;
  private boolean switched;

  UnderWay(ModelTable before, ModelTable after, int left) {
    this.before = before;
    this.after = after;
    this.left = left;
  }

  @Override
  public ModelTable get() {
    switched |= left == 0;
    return left-- > 0 ? before : after;
  }

  /** Returns whether any look-up met the table after the transaction. */
  boolean switched() {
    return switched;
  }
}
