package io.portcullis.agent.program;

import io.portcullis.nft.Edit;
import java.util.List;

/** Completes the transactions of a plan, each right before it runs. */
public interface StepEdits {
  /** Adds nothing. */
  StepEdits NONE =
      new StepEdits() {
        @Override
        public List<Edit> before(StepName step) {
          return List.of();
        }

        @Override
        public void committed(StepName step) {}
      };

  /** Returns what is added to the transaction of that step, which runs next. */
  List<Edit> before(StepName step);

  /** Is called when the kernel has committed the transaction of that step. */
  void committed(StepName step);
}
