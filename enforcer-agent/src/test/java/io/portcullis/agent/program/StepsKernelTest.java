package io.portcullis.agent.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.nft.Stamp;
import io.portcullis.nft.TestNamespace;
import io.portcullis.ruleset.RandomRuleSets;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Changes in steps, made by a real kernel and read back. */
class StepsKernelTest {
  private static final int VERSIONS = 300;

  @Test
  void whatTheKernelHoldsAfterTheStepsIsTheVersion() throws Exception {
    var random = new Random();
    var seed = random.nextLong();
    random.setSeed(seed);
    var inSteps = 0;
    try (var namespace = TestNamespace.make()) {
      inSteps =
          InsideNamespace.call(
              namespace.name(),
              () -> {
                try (var nft = NftWay.LIBRARY.open()) {
                  return versions(new Kernel(nft), random, seed);
                }
              });
    }
    assertThat(inSteps).as("seed %d", seed).isGreaterThan(VERSIONS / 2);
  }

  private static int versions(Kernel kernel, Random random, long seed) throws Exception {
    var rules = RandomRuleSets.next(random);
    kernel.carryOut(Plan.toHold(rules, stamp(0, rules), Tables.NONE));
    var inSteps = 0;
    var live = LiveState.NONE;
    for (var i = 1; i <= VERSIONS; i++) {
      var next =
          random.nextInt(10) == 0 ? RandomRuleSets.next(random) : NextRuleSets.after(rules, random);
      var stamp = stamp(i, next);
      var plan = Plan.toNext(rules, next, RuleSetChange.between(rules, next), stamp, live);
      if (plan.isPresent()) {
        inSteps++;
        kernel.carryOut(plan.get());
        live = live.after(plan.get().narrowed(), next);
      } else {
        kernel.carryOut(Plan.toHold(next, stamp, kernel.look().tables()));
        live = LiveState.NONE;
      }
      var held = kernel.look();
      assertThat(held.live().orElseThrow().unexpected())
          .as("seed %d version %d", seed, i)
          .isEmpty();
      assertThat(held.live().orElseThrow().narrowed())
          .as("seed %d version %d", seed, i)
          .isEqualTo(live.narrowed());
      assertThat(held.tables()).as("seed %d version %d", seed, i).isEqualTo(Tables.holding(stamp));
      rules = next;
    }
    return inSteps;
  }

  private static Stamp stamp(long version, RuleSet rules) {
    return new Stamp(version, "A".repeat(22), rules.digest().hex(), 7);
  }
}
