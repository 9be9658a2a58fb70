package io.portcullis.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.ruleset.Applied;
import io.portcullis.ruleset.RuleSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerCheckTest {
  private static final RuleSet TWO = Rules.lets(80);
  private static final RuleSet PEERS = Rules.LETS_PEERS;
  private static final RuleSet SET = Rules.peers(Rules.CLIENT);
  private static final NodeVersions LOG =
      new NodeVersions(
          Rules.log(
              "node-1",
              Rules.version(1, Rules.DENIES),
              Rules.version(2, TWO),
              Rules.version(3, PEERS, SET)),
          Map.of(Rules.PEERS, Rules.log("set", Rules.version(7, SET))),
          List.of(),
          List.of());

  private static Applied answer(long version, RuleSet rules, RuleSet kernel, Applied.Wide... wide) {
    return new Applied(
        "node-1",
        version,
        "topic",
        rules.digest().hex(),
        Optional.of(kernel.digest().hex()),
        0,
        0,
        0,
        List.of(),
        Optional.empty(),
        new Applied.Agent("", "", ""),
        List.of(wide));
  }

  private static List<String> wrong(Applied... answers) {
    return AnswerCheck.wrong("node-1", List.of(answers), LOG);
  }

  @Test
  void answersThatFollowTheLogAreRightTwiceToo() {
    var two = answer(2, TWO, TWO);
    assertThat(wrong(answer(1, Rules.DENIES, Rules.DENIES), two, two)).isEmpty();
  }

  @Test
  void aVersionThatNobodyWroteIsTold() {
    assertThat(wrong(answer(4, TWO, TWO))).singleElement().asString().contains("not in history");
    assertThat(wrong(answer(1, TWO, TWO))).singleElement().asString().contains("not in history");
  }

  @Test
  void anOlderVersionIsTold() {
    assertThat(wrong(answer(2, TWO, TWO), answer(1, Rules.DENIES, Rules.DENIES)))
        .singleElement()
        .asString()
        .contains("went back from version 2");
  }

  @Test
  void aKernelThatHoldsSomethingElseIsTold() {
    assertThat(wrong(answer(2, TWO, Rules.DENIES)))
        .singleElement()
        .asString()
        .contains("a kernel with other rules");
  }

  @Test
  void aVersionOfASetThatNobodyWroteIsTold() {
    var set = SET.digest().hex();
    assertThat(wrong(answer(3, PEERS, PEERS, new Applied.Wide(Rules.PEERS, 7, set)))).isEmpty();
    assertThat(wrong(answer(3, PEERS, PEERS, new Applied.Wide(Rules.PEERS, 8, set))))
        .singleElement()
        .asString()
        .contains("a wide set that is not in history");
  }

  @Test
  void aVersionKnownFromTheKernelOnlyHasTheDigestOfAllOfIt() {
    var all = PEERS.with(SET.sets());
    assertThat(wrong(answer(3, all, all))).isEmpty();
    var other = PEERS.with(Rules.peers(Rules.SERVER).sets());
    assertThat(wrong(answer(3, other, other)))
        .singleElement()
        .asString()
        .contains("version that is not in history");
  }
}
