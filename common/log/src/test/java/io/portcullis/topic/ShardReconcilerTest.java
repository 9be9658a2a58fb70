package io.portcullis.topic;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writers are processes of their own, stopped and killed; what readers see is always right. */
@Execution(ExecutionMode.CONCURRENT)
class ShardReconcilerTest {
  private final CountingWriters writers = new CountingWriters(TestBroker.shared());

  @AfterEach
  void killWriters() {
    writers.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"before-init", "after-init", "restoring", "in-transaction", "before-commit"})
  void aWriterThatSleptPastItsSessionChangesNothing(String where) throws Exception {
    var sleeper = writers.start(where);
    CountingWriters.awaitStopped(sleeper);
    writers.start("never");
    writers.awaitProgress();
    CountingWriters.signal(sleeper, "-CONT");
    writers.awaitProgress();
    writers.awaitProgress();
    writers.assertCounted();
  }

  @ParameterizedTest
  @ValueSource(strings = {"in-transaction", "before-commit"})
  void aWriterThatIsKilledInATransactionIsReplaced(String where) throws Exception {
    var first = writers.start(where);
    CountingWriters.awaitStopped(first);
    first.destroyForcibly();
    writers.start("never");
    writers.awaitProgress();
    writers.assertCounted();
  }

  @Test
  void shardsThatMoveOrStayWhileOthersComeAndGoAreCountedOn() throws Exception {
    writers.start("never");
    writers.awaitProgress();
    for (var round = 0; round < 3; round++) {
      var guest = writers.start("never");
      writers.awaitProgress();
      CountingWriters.signal(guest, "-TERM");
      writers.awaitProgress();
    }
    writers.assertCounted();
  }

  @Test
  void aTopicThatIsDeletedIsMadeAnewAndWritten() throws Exception {
    writers.start("never");
    writers.awaitProgress();
    writers.deleteTopics();
    writers.awaitProgress();
    writers.assertCounted();
  }
}
