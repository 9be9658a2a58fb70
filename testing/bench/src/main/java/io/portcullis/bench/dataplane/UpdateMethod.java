package io.portcullis.bench.dataplane;

import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.Nft;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.program.LiveState;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.Tables;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.Stamp;
import java.util.stream.Collectors;

/** The ways to bring the kernel to the next version. */
enum UpdateMethod {
  /** Applies the difference in steps, as the agent usually does. */
  STEPS {
    @Override
    LiveState carryOut(Update update, Nft nft) throws NftException {
      var plan = steps(update);
      new Kernel(nft).carryOut(plan);
      return update.live().after(plan.narrowed(), update.after().rules());
    }
  },
  /** Replaces the whole table, with a second table in force meanwhile. */
  WHOLE {
    @Override
    LiveState carryOut(Update update, Nft nft) throws NftException {
      new Kernel(nft)
          .carryOut(
              Plan.toHold(update.after().rules(), update.stamp(), Tables.holding(update.last())));
      return LiveState.NONE;
    }
  },
  /** Reads back a table that another program has changed, and repairs it. */
  REPAIR {
    @Override
    LiveState carryOut(Update update, Nft nft) throws NftException {
      nft.run("insert rule inet portcullis forward counter\n");
      var kernel = new Kernel(nft);
      var held = kernel.look();
      if (held.tables().live().orElseThrow().digest().equals(update.last().digest())) {
        throw new IllegalStateException("a change by another program was not detected");
      }
      kernel.carryOut(Plan.toHold(update.after().rules(), update.stamp(), held.tables()));
      return LiveState.NONE;
    }
  },
  /** Starts a new agent, which reads what the previous one left and continues from there. */
  RESTART {
    @Override
    LiveState carryOut(Update update, Nft nft) throws NftException {
      var kernel = new Kernel(nft);
      var tables = kernel.look().tables();
      kernel.carryOut(Plan.toHold(update.after().rules(), update.stamp(), tables));
      return LiveState.NONE;
    }
  },
  /** Wrong: applies all steps in one transaction. */
  STEPS_IN_ONE {
    @Override
    LiveState carryOut(Update update, Nft nft) throws NftException {
      var plan = steps(update);
      nft.run(plan.steps().stream().map(Plan.Step::transaction).collect(Collectors.joining()));
      return update.live().after(plan.narrowed(), update.after().rules());
    }
  },
  /** Wrong: replaces the whole table in one transaction, without a second table. */
  WHOLE_IN_ONE {
    @Override
    LiveState carryOut(Update update, Nft nft) throws NftException {
      nft.run(NftRenderer.replace(update.after().rules(), NftRenderer.TABLE, update.stamp()));
      return LiveState.NONE;
    }
  };

  /**
   * One change.
   *
   * @param before the rule set before
   * @param after the rule set after
   * @param last the stamp that the kernel holds
   * @param stamp the stamp of the new version
   * @param live what the kernel judges again
   */
  record Update(Side before, Side after, Stamp last, Stamp stamp, LiveState live) {}

  /** Makes the change, and returns what the kernel judges again after it. */
  abstract LiveState carryOut(Update update, Nft nft) throws NftException;

  private static Plan steps(Update update) {
    return Plan.toNext(
            update.before().rules(),
            update.after().rules(),
            update.before().toOther(),
            update.stamp(),
            update.live())
        .orElseThrow();
  }

  /** Tells whether the agent uses this way, so that packets must not meet a mix of two versions. */
  boolean isRight() {
    return switch (this) {
      case STEPS, WHOLE, REPAIR, RESTART -> true;
      case STEPS_IN_ONE, WHOLE_IN_ONE -> false;
    };
  }
}
