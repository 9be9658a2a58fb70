package io.portcullis.bench.dataplane;

import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.Nft;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.Tables;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.Stamp;
import java.util.stream.Collectors;

/** How the kernel is brought to the next version. */
enum Manner {
  /** What differs, in steps: the agent's ordinary way. */
  STEPS {
    @Override
    void carryOut(Turn turn, Nft nft) throws NftException {
      new Kernel(nft).carryOut(steps(turn));
    }
  },
  /** The whole table behind a second one. */
  WHOLE {
    @Override
    void carryOut(Turn turn, Nft nft) throws NftException {
      new Kernel(nft)
          .carryOut(Plan.toHold(turn.after().rules(), turn.stamp(), Tables.holding(turn.last())));
    }
  },
  /** Somebody has changed the table: it is read back and made whole. */
  REPAIR {
    @Override
    void carryOut(Turn turn, Nft nft) throws NftException {
      nft.run("insert rule inet portcullis forward counter\n");
      var kernel = new Kernel(nft);
      var held = kernel.look();
      if (held.tables().live().orElseThrow().digest().equals(turn.last().digest())) {
        throw new IllegalStateException("what somebody else has changed is not seen");
      }
      kernel.carryOut(Plan.toHold(turn.after().rules(), turn.stamp(), held.tables()));
    }
  },
  /** A new agent looks at what the last one left, and goes on from there. */
  RESTART {
    @Override
    void carryOut(Turn turn, Nft nft) throws NftException {
      var kernel = new Kernel(nft);
      var tables = kernel.look().tables();
      kernel.carryOut(Plan.toHold(turn.after().rules(), turn.stamp(), tables));
    }
  },
  /** Wrong: what the steps do, in one transaction. */
  STEPS_IN_ONE {
    @Override
    void carryOut(Turn turn, Nft nft) throws NftException {
      nft.run(
          steps(turn).steps().stream().map(Plan.Step::transaction).collect(Collectors.joining()));
    }
  },
  /** Wrong: the whole table in one transaction, with nothing beside it. */
  WHOLE_IN_ONE {
    @Override
    void carryOut(Turn turn, Nft nft) throws NftException {
      nft.run(NftRenderer.replace(turn.after().rules(), NftRenderer.TABLE, turn.stamp()));
    }
  };

  /**
   * One change.
   *
   * @param last the stamp of what the kernel holds
   */
  record Turn(Side before, Side after, Stamp last, Stamp stamp) {}

  abstract void carryOut(Turn turn, Nft nft) throws NftException;

  private static Plan steps(Turn turn) {
    return Plan.toNext(
            turn.before().rules(), turn.after().rules(), turn.before().toOther(), turn.stamp())
        .orElseThrow();
  }

  /** Whether packets must not meet a mix. */
  boolean isRight() {
    return switch (this) {
      case STEPS, WHOLE, REPAIR, RESTART -> true;
      case STEPS_IN_ONE, WHOLE_IN_ONE -> false;
    };
  }
}
