package io.portcullis.watcher.publish;

import io.portcullis.watcher.source.Source;
import java.util.function.BooleanSupplier;

/**
 * Makes sure that the source is read once more before a new owner writes. Another process may have
 * published what it saw, and this one's view may be older without a sign.
 *
 * <pre>
 *   done --require--> wanted --advance--> running --advance, when all is read--> done
 *                        ^-------require-------+
 * </pre>
 */
public final class SourceRecheck {
  private final Source source;
  private State state = new State.Done();

  private sealed interface State {
    record Done() implements State {}

    record Wanted() implements State {}

    record Running(BooleanSupplier isDone) implements State {}
  }

  /** Makes one that requires nothing yet. */
  public SourceRecheck(Source source) {
    this.source = source;
  }

  /** Requires that the source is read from now on; a check that is under way is not enough. */
  void require() {
    state = new State.Wanted();
  }

  /** Begins the check if it is required, and takes in that it is done. */
  public void advance() {
    if (state instanceof State.Wanted) {
      state = new State.Running(source.lookAgain());
    }
    if (state instanceof State.Running(var isDone) && isDone.getAsBoolean()) {
      state = new State.Done();
    }
  }

  /** Returns whether nothing may be written yet. */
  public boolean isPending() {
    return !(state instanceof State.Done);
  }
}
