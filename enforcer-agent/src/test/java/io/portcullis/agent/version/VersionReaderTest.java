package io.portcullis.agent.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.version.VersionOutcome.Incomplete;
import io.portcullis.agent.version.VersionOutcome.Reason;
import io.portcullis.agent.version.VersionOutcome.Refused;
import io.portcullis.agent.version.VersionOutcome.Restore;
import io.portcullis.agent.version.VersionOutcome.Verified;
import io.portcullis.ruleset.RuleSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class VersionReaderTest {

  @Property(tries = 300)
  void whateverIsWrittenOnlyWholeVersionsComeOutAndTheyOnlyGoForward(@ForAll Random random) {
    var topic = new WrittenTopic(random);
    var reader = new VersionReader(Optional.empty());
    var newest = 0L;
    var outcome = reader.restored(topic.id(), topic.content());
    for (var i = 0; i < 12; i++) {
      var wrong = random.nextInt(3) == 0;
      var written = wrong ? topic.writeWrongVersion(newest) : topic.writeVersion();
      outcome = feed(reader, topic, written, random);
      if (outcome instanceof Verified(var version)) {
        assertThat(wrong).isFalse();
        assertThat(version.marker().number()).isGreaterThan(newest);
        assertThat(version.rules()).isEqualTo(topic.rules());
        assertThat(version.rules().digest().hex()).isEqualTo(version.marker().digest());
        newest = version.marker().number();
      } else {
        assertThat(wrong).as("%s", outcome).isTrue();
        assertThat(outcome).isInstanceOf(Refused.class);
      }
    }
  }

  @Property(tries = 200)
  void severalVersionsThatComeTogetherAreTheLastOne(@ForAll Random random) {
    var topic = new WrittenTopic(random);
    var reader = new VersionReader(Optional.empty());
    reader.restored(topic.id(), topic.content());
    var written = new java.util.ArrayList<Entry>();
    for (var i = 0; i < 3; i++) {
      written.addAll(topic.writeVersion());
    }
    assertThat(feed(reader, topic, written, random))
        .isInstanceOfSatisfying(
            Verified.class, v -> assertThat(v.version().rules()).isEqualTo(topic.rules()));
  }

  @Property(tries = 100)
  void theSameIsReadFromTheBeginningAsAlongTheWay(@ForAll Random random) {
    var topic = new WrittenTopic(random);
    var along = new VersionReader(Optional.empty());
    along.restored(topic.id(), topic.content());
    for (var i = 0; i < 5; i++) {
      var known = topic.rules();
      var outcome = feed(along, topic, topic.writeVersion(), random);
      var read = version(outcome);
      var fresh =
          version(new VersionReader(Optional.empty()).restored(topic.id(), topic.content()));
      assertThat(read.rules()).isEqualTo(fresh.rules());
      assertThat(read.marker()).isEqualTo(fresh.marker());
      for (var before : List.of(known, read.since().before(), RuleSet.EMPTY)) {
        assertThat(read.changeOf(before).applyTo(before)).isEqualTo(fresh.rules());
      }
    }
  }

  private static Version version(VersionOutcome outcome) {
    return ((Verified) outcome).version();
  }

  @Example
  void nothingComesOutBeforeTheMarker() {
    var topic = new WrittenTopic(new Random(1));
    var reader = new VersionReader(Optional.empty());
    assertThat(reader.restored(topic.id(), Map.of())).isEqualTo(new Incomplete());
    var written = topic.writeVersion();
    for (var entry : written.subList(0, written.size() - 1)) {
      assertThat(reader.changed(List.of(entry))).isEqualTo(new Incomplete());
    }
    assertThat(reader.changed(List.of(written.getLast()))).isInstanceOf(Verified.class);
  }

  @Example
  void anEmptyVersionIsAVersion() {
    var topic = new WrittenTopic(new Random(1));
    var reader = new VersionReader(Optional.empty());
    reader.restored(topic.id(), topic.content());
    var outcome = reader.changed(topic.write(RuleSet.EMPTY));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Verified.class, v -> assertThat(v.version().rules()).isEqualTo(RuleSet.EMPTY));
  }

  @Example
  void aReaderThatMissedRecordsIsRightAfterReadingAgain() {
    var topic = new WrittenTopic(new Random(3));
    var reader = new VersionReader(Optional.empty());
    reader.restored(topic.id(), topic.content());
    reader.changed(topic.writeVersion());
    var written = topic.write(WrittenTopic.rulesWithMembers("10.0.0.1", "10.0.0.2"));
    assertThat(reader.changed(written.subList(1, written.size()))).isInstanceOf(Restore.class);
    assertThat(reader.restored(topic.id(), topic.content())).isInstanceOf(Verified.class);
  }

  @Example
  void whatIsWrongAtTheEndTooIsRefusedOnceAndForAllUntilItIsRight() {
    var topic = new WrittenTopic(new Random(4));
    var reader = new VersionReader(Optional.empty());
    reader.restored(topic.id(), topic.content());
    reader.changed(topic.writeVersion());
    assertThat(reader.changed(topic.writeWithDigest("0".repeat(64)))).isInstanceOf(Restore.class);
    assertRefused(reader.restored(topic.id(), topic.content()), Reason.DIGEST);
    assertRefused(reader.changed(topic.writeWithDigest("1".repeat(64))), Reason.DIGEST);
    assertThat(reader.changed(topic.writeVersion())).isInstanceOf(Verified.class);
  }

  @Example
  void anOlderVersionOfTheSameTopicIsRefusedAlsoAfterReadingAgain() {
    var topic = new WrittenTopic(new Random(5));
    var reader = new VersionReader(Optional.empty());
    reader.restored(topic.id(), topic.content());
    reader.changed(topic.writeVersion());
    var newest = topic.number();
    assertRefused(reader.changed(topic.writeWithNumber(newest - 1)), Reason.OLDER);
    assertRefused(reader.restored(topic.id(), topic.content()), Reason.OLDER);
    topic.writeWithNumber(newest + 1);
    assertThat(reader.restored(topic.id(), topic.content())).isInstanceOf(Verified.class);
  }

  @Example
  void anotherContentUnderANumberThatWasThereIsRefused() {
    var topic = new WrittenTopic(new Random(6));
    var reader = new VersionReader(Optional.empty());
    reader.restored(topic.id(), topic.content());
    reader.changed(topic.write(WrittenTopic.rulesWithMembers("10.0.0.1")));
    topic.backTo(topic.number() - 1);
    assertRefused(
        reader.changed(topic.write(WrittenTopic.rulesWithMembers("10.0.0.2"))), Reason.OLDER);
  }

  @Example
  void whatTheKernelHoldsFromBeforeCountsAsNewest() {
    var topic = new WrittenTopic(new Random(7));
    topic.writeVersion();
    var floor = new VersionReader.Floor(topic.id(), topic.number() + 1, "0".repeat(64));
    assertRefused(
        new VersionReader(Optional.of(floor)).restored(topic.id(), topic.content()), Reason.OLDER);
    var ofAnother = new VersionReader.Floor("x".repeat(22), topic.number() + 1, "0".repeat(64));
    assertThat(new VersionReader(Optional.of(ofAnother)).restored(topic.id(), topic.content()))
        .isInstanceOf(Verified.class);
  }

  @Example
  void whatTheNodeHeldBeforeItsStartCountsForEveryTopic() {
    var topic = new WrittenTopic(new Random(13));
    topic.writeVersion();
    var reader = new VersionReader(Optional.empty(), topic.number() + 1);
    assertRefused(reader.restored(topic.id(), topic.content()), Reason.OLDER);
    topic.writeWithNumber(topic.number() + 1);
    assertThat(reader.restored(topic.id(), topic.content())).isInstanceOf(Verified.class);
  }

  @Example
  void aMarkerOfAnotherTopicMakesTheReaderForget() {
    var first = new WrittenTopic(new Random(8));
    var reader = new VersionReader(Optional.empty());
    reader.restored(first.id(), first.content());
    reader.changed(first.writeVersion());
    var anew = new WrittenTopic(new Random(9));
    assertThat(reader.changed(anew.writeVersion())).isInstanceOf(Restore.class);
    assertThat(reader.restored(anew.id(), anew.content()))
        .isInstanceOfSatisfying(
            Verified.class, v -> assertThat(v.version().rules()).isEqualTo(anew.rules()));
  }

  @Example
  void aTopicMadeAnewWithoutAVersionSaysNothingAndItsOlderNumbersCount() {
    var first = new WrittenTopic(new Random(10));
    var reader = new VersionReader(Optional.empty());
    first.writeVersion();
    reader.restored(first.id(), first.content());
    var anew = new WrittenTopic(new Random(11));
    assertThat(reader.restored(anew.id(), Map.of())).isEqualTo(new Incomplete());
    anew.backTo(0);
    assertThat(reader.changed(anew.writeVersion())).isInstanceOf(Verified.class);
  }

  @Example
  void aCopyOfAnotherTopicIsRefused() {
    var topic = new WrittenTopic(new Random(12));
    topic.writeVersion();
    var reader = new VersionReader(Optional.empty());
    assertRefused(reader.restored("y".repeat(22), topic.content()), Reason.FOREIGN);
  }

  private static void assertRefused(VersionOutcome outcome, Reason reason) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  /** In pieces of any size, as polls cut them; read again from the beginning when asked to. */
  private static VersionOutcome feed(
      VersionReader reader, WrittenTopic topic, List<Entry> written, Random random) {
    VersionOutcome outcome = new Incomplete();
    for (var from = 0; from < written.size(); ) {
      var to = Math.min(written.size(), from + 1 + random.nextInt(10));
      outcome = reader.changed(written.subList(from, to));
      if (outcome instanceof Restore) {
        return reader.restored(topic.id(), topic.content());
      }
      from = to;
    }
    return outcome;
  }
}
