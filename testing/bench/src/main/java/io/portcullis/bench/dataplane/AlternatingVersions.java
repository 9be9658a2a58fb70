package io.portcullis.bench.dataplane;

import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.Nft;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.program.LiveState;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.Tables;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;

/** Two rule sets that alternate in one kernel. */
final class AlternatingVersions {
  private static final String TOPIC = "A".repeat(22);

  private final Side[] sides;
  private Stamp last;
  private LiveState live = LiveState.NONE;
  private long number;

  AlternatingVersions(RuleSet first, RuleSet second) {
    sides =
        new Side[] {
          new Side(first, RuleSetChange.between(first, second)),
          new Side(second, RuleSetChange.between(second, first))
        };
    last = stamp(first);
  }

  private Stamp stamp(RuleSet rules) {
    return new Stamp(number, TOPIC, rules.digest().hex(), 1);
  }

  /** Loads the first rule set into a kernel, after removing our tables. */
  void begin(Nft nft) throws NftException {
    number = 0;
    last = stamp(sides[0].rules());
    live = LiveState.NONE;
    nft.run(NftRenderer.remove(NftRenderer.SWAP_TABLE) + NftRenderer.remove(NftRenderer.TABLE));
    new Kernel(nft).carryOut(Plan.toHold(sides[0].rules(), last, Tables.NONE));
  }

  /** Loads the other rule set into the kernel. */
  void next(UpdateMethod method, Nft nft) throws NftException {
    var before = sides[(int) (number % 2)];
    number++;
    var after = sides[(int) (number % 2)];
    var stamp = stamp(after.rules());
    live = method.carryOut(new UpdateMethod.Update(before, after, last, stamp, live), nft);
    last = stamp;
  }
}
