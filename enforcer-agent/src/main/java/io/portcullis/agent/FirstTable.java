package io.portcullis.agent;

import io.portcullis.agent.enforce.EnforcedTable;
import io.portcullis.agent.enforce.Enforcement;
import io.portcullis.agent.enforce.StartingPoint;
import io.portcullis.agent.follow.VersionIntake;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.state.NodeState;
import io.portcullis.agent.state.SavedVersion;
import io.portcullis.agent.status.Clock;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.agent.status.StatusTracker;
import io.portcullis.nft.Stamp;
import java.io.IOException;
import java.util.Optional;

/**
 * Brings the kernel to what is known before the node's topic can be read: to the table of an
 * earlier agent, or to what the node's disk has. The loop's thread uses it.
 */
record FirstTable(
    EnforcedTable table,
    Enforcement enforcement,
    EnforcementResults results,
    StatusTracker tracker,
    VersionIntake intake,
    NodeState state) {

  void takeOver() {
    var saved = state.saved();
    table.promise(state.firstLease());
    try {
      var found = enforcement.inherited();
      intake.notBefore(StartingPoint.floor(found, saved), StartingPoint.lowest(found, saved));
      var isSameBoot = saved.filter(header -> header.isOfBoot(state.boot())).isPresent();
      start(StartingPoint.of(found, saved, isSameBoot));
      tracker
          .status()
          .enforced()
          .filter(version -> !isSameBoot || !isSaved(version, saved))
          .ifPresent(state::enforced);
    } catch (NftException | IOException e) {
      saved.ifPresent(header -> intake.notBefore(Optional.empty(), header.version()));
      tracker.failed(e.getMessage());
    }
    state.lease(table.guard());
  }

  private static boolean isSaved(EnforcedVersion version, Optional<SavedVersion.Header> saved) {
    return saved.filter(header -> header.version() == version.stamp().version()).isPresent();
  }

  private void start(StartingPoint point) throws NftException, IOException {
    switch (point) {
      case StartingPoint.Unknown(var damage) -> damage.ifPresent(tracker::failed);
      case StartingPoint.Table(var version, var left) -> {
        enforcement.takeOver(left);
        results.takenOver(version);
      }
      case StartingPoint.ClosedTable(var version, var left) -> {
        enforcement.takeOver(left);
        tracker.noPodIsKnown(version);
      }
      case StartingPoint.Saved _ -> load(state.load());
      case StartingPoint.Closed _ -> close(state.load());
    }
  }

  private void load(SavedVersion saved) throws NftException {
    var rules = saved.rulesOf(state.links(saved.rules()));
    var header = saved.header();
    var stamp = new Stamp(header.version(), header.topicId(), rules.digest().hex(), Clock.micros());
    var version = EnforcedVersion.unconfirmed(rules, stamp);
    try {
      enforcement.load(version);
    } catch (NftException e) {
      tracker.failed("the saved version cannot be loaded: " + e.getMessage());
      close(saved);
      return;
    }
    results.recalled(version, saved.rules().endpoints().size() - rules.endpoints().size());
  }

  private void close(SavedVersion saved) throws NftException {
    var closed = NodeState.closed(saved);
    enforcement.load(closed);
    tracker.noPodIsKnown(closed);
  }
}
