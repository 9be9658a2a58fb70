package io.portcullis.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class DigestTest {

  @Property(tries = 200)
  void orderNeverMattersAndWhatIsTakenAwayIsGone(
      @ForAll List<String> keys, @ForAll String extra, @ForAll Random random) {
    var sum = Digest.EMPTY;
    for (var key : keys) {
      sum = sum.plus(key, "value");
    }
    var shuffled = new java.util.ArrayList<>(keys);
    Collections.shuffle(shuffled, random);
    var other = Digest.EMPTY.plus(extra, "gone");
    for (var key : shuffled) {
      other = other.plus(key, "value");
    }
    assertThat(other).isNotEqualTo(sum);
    assertThat(other.minus(extra, "gone")).isEqualTo(sum);
    assertThat(other.minus(extra, "gone").hex()).isEqualTo(sum.hex());
  }

  @Example
  void aKeysEndIsNoValuesStart() {
    assertThat(Digest.EMPTY.plus("ab", "c")).isNotEqualTo(Digest.EMPTY.plus("a", "bc"));
  }
}
