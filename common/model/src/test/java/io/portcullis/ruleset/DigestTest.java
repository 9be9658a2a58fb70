package io.portcullis.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DigestTest {

  @Property(tries = 200)
  void orderNeverMattersAndWhatIsTakenAwayIsGone(
      @ForAll("ruleSets") RuleSet rules,
      @ForAll("ruleSets") RuleSet others,
      @ForAll Random random) {
    var records = new ArrayList<>(rules.records().values());
    var sum = Digest.of(records::forEach);
    Collections.shuffle(records, random);
    assertThat(Digest.of(records::forEach)).isEqualTo(sum);
    var gone = others.records().values();
    var both = sum.changed(List.of(), gone);
    if (!gone.isEmpty()) {
      assertThat(both).isNotEqualTo(sum);
    }
    assertThat(both.changed(gone, List.of())).isEqualTo(sum);
    assertThat(both.changed(gone, List.of()).hex()).isEqualTo(sum.hex());
  }

  @Provide
  Arbitrary<RuleSet> ruleSets() {
    return RandomRuleSets.ruleSets();
  }

  @Example
  void aKeysEndIsNoValuesStart() {
    assertThat(Digest.EMPTY.plus("ab", "c")).isNotEqualTo(Digest.EMPTY.plus("a", "bc"));
  }
}
