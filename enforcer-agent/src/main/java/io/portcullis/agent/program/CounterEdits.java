package io.portcullis.agent.program;

import io.portcullis.nft.Edit;
import io.portcullis.nft.RetiredCounters;
import io.portcullis.ruleset.RuleSet;
import java.util.List;

/** Carries what rules have counted over the changes of a table. */
public interface CounterEdits extends StepEdits {
  /** Carries nothing: nobody asks for counts. */
  CounterEdits NOTHING =
      new CounterEdits() {
        @Override
        public void found(RetiredCounters left) {}

        @Override
        public void between(RuleSet before, RuleSet after) {}

        @Override
        public List<Edit> before(StepName step) {
          return List.of();
        }

        @Override
        public void committed(StepName step) {}
      };

  /** Takes over the counts of a table that was there at the start. */
  void found(RetiredCounters left);

  /** Is called before each plan, with the rule sets that the plan leads from and to. */
  void between(RuleSet before, RuleSet after);
}
