package io.portcullis.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.bench.chaos.VersionLog.Placed;
import io.portcullis.history.Commit;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersionLogTest {
  private static final String NODE = "node-1";
  private static final RuleSet ONE = Rules.DENIES;
  private static final RuleSet TWO = Rules.lets(80);
  private static final RuleSet THREE = Rules.lets(443);

  private final List<Placed> history =
      new ArrayList<>(
          List.of(
              snapshot(10, 1, ONE, Commit.NONE, Commit.NONE),
              changes(13, 2, ONE, TWO, 10, 10),
              changes(17, 3, TWO, THREE, 13, 10)));
  private final List<Marker> topic =
      new ArrayList<>(List.of(Rules.marker(1, ONE), Rules.marker(2, TWO), Rules.marker(3, THREE)));

  private static Placed snapshot(
      long offset, long number, RuleSet rules, long previous, long snapshot) {
    return new Placed(
        offset,
        Commit.snapshot(NODE, Rules.marker(number, rules), rules, previous, snapshot).getFirst());
  }

  private static Placed changes(
      long offset, long number, RuleSet before, RuleSet after, long previous, long snapshot) {
    return new Placed(
        offset,
        Commit.changes(
                NODE,
                Rules.marker(number, after),
                RuleSetChange.between(before, after),
                previous,
                snapshot)
            .getFirst());
  }

  private List<String> wrong() {
    return VersionLog.of(NODE, history, topic).wrong();
  }

  @Test
  void aSoundLogIsRebuilt() {
    var log = VersionLog.of(NODE, history, topic);
    assertThat(log.wrong()).isEmpty();
    assertThat(log.versions().keySet()).containsExactly(1L, 2L, 3L);
    assertThat(log.versions().get(2L).rules()).isEqualTo(TWO);
  }

  @Test
  void aPlaceLeadsToTheNextCommit() {
    history.set(2, changes(17, 3, TWO, THREE, 11, 9));
    assertThat(wrong()).isEmpty();
    history.set(2, changes(17, 3, TWO, THREE, 10, 10));
    assertThat(wrong())
        .containsExactly("node-1: version 3 names the commit at 10 as its predecessor, not 13");
  }

  @Test
  void aVersionThatIsLostBreaksTheChain() {
    history.remove(1);
    assertThat(wrong())
        .anyMatch(line -> line.contains("version 3 names the commit at 13"))
        .anyMatch(line -> line.contains("only in the topic: [2]"));
  }

  @Test
  void aVersionThatTheTopicNeverHadIsTold() {
    topic.remove(1);
    assertThat(wrong()).singleElement().asString().contains("only in history: [2]");
  }

  @Test
  void aVersionThatComesTwiceIsTold() {
    history.add(snapshot(20, 3, THREE, 17, 10));
    topic.add(topic.getLast());
    assertThat(wrong()).containsExactly("node-1: version 3 comes after 3 in history");
  }

  @Test
  void aVersionThatComesLateIsTold() {
    history.add(changes(20, 2, THREE, TWO, 17, 10));
    topic.add(Rules.marker(2, TWO));
    assertThat(wrong()).containsExactly("node-1: version 2 comes after 3 in history");
  }

  @Test
  void twoVersionsInTheOtherOrderInTheTopicAreTold() {
    topic.addFirst(topic.removeLast());
    assertThat(wrong()).singleElement().asString().contains("differ from history");
  }

  @Test
  void aDigestThatHistoryDoesNotMakeIsTold() {
    history.set(2, changes(17, 3, TWO, THREE, 13, 10));
    history.set(1, changes(13, 2, ONE, Rules.lets(8080), 10, 10));
    assertThat(wrong()).anyMatch(line -> line.contains("version 3 has the digest"));
  }

  @Test
  void aSnapshotThatIsNotTheLastIsTold() {
    history.set(2, changes(17, 3, TWO, THREE, 13, 13));
    assertThat(wrong()).containsExactly("node-1: version 3 names the snapshot at 13, not at 10");
  }
}
