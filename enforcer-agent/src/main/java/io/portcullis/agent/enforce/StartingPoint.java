package io.portcullis.agent.enforce;

import io.portcullis.agent.state.SavedVersion.Header;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.agent.version.VersionReader.Floor;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.Stamp;
import java.util.Optional;

/**
 * What is enforced before a version can be read from the node's topic.
 *
 * <pre>
 *                          same boot                      another boot
 *   no table               all of the saved version       closed
 *   a table without pods   all of the saved version       stays
 *   an older version       all of the saved version       closed: it was loaded from a file
 *   a damaged table        all of the saved version       closed
 *   the saved or a newer   stays                          stays, if it was programmed since
 * </pre>
 */
public sealed interface StartingPoint {
  /** Nothing is known: the kernel is left as it is. */
  record Unknown(Optional<String> damage) implements StartingPoint {}

  /** The table in the kernel stays. */
  record Table(EnforcedVersion version, NftDump table) implements StartingPoint {}

  /** The table in the kernel stays, in which no pod is known. */
  record ClosedTable(EnforcedVersion version, NftDump table) implements StartingPoint {}

  /** All of a version is loaded: its pods have kept their addresses. */
  record Saved(Header version) implements StartingPoint {}

  /** A table is loaded in which no pod is known. */
  record Closed(Header version) implements StartingPoint {}

  /**
   * Decides where to start.
   *
   * @param found in the kernel
   * @param saved on the disk, if anything was
   * @param isSameBoot whether it was saved since the kernel's last boot
   */
  static StartingPoint of(InheritedTable found, Optional<Header> saved, boolean isSameBoot) {
    var loaded =
        saved.map(version -> isSameBoot ? new Saved(version) : (StartingPoint) new Closed(version));
    return switch (found) {
      case InheritedTable.Absent _ -> loaded.orElse(new Unknown(Optional.empty()));
      case InheritedTable.Damaged(var stamp, var reason) ->
          loaded
              .filter(_ -> stamp.filter(newer -> isNewer(newer, saved.orElseThrow())).isEmpty())
              .orElse(new Unknown(Optional.of(reason)));
      case InheritedTable.Closed(var version, var dump) ->
          loaded.filter(_ -> isSameBoot).orElse(new ClosedTable(version, dump));
      case InheritedTable.Whole(var version, var dump) ->
          loaded
              .filter(_ -> isOlder(version.stamp(), saved.orElseThrow(), isSameBoot))
              .orElse(new Table(version, dump));
    };
  }

  private static boolean isNewer(Stamp table, Header saved) {
    return table.version() > saved.version();
  }

  /** Returns whether a table is of before the boot, or of before the saved version. */
  private static boolean isOlder(Stamp table, Header saved, boolean isSameBoot) {
    return table.version() < saved.version()
        || !isSameBoot && table.version() == saved.version() && table.micros() == saved.micros();
  }

  /**
   * Returns the version that counts as the newest of its topic.
   *
   * @param found in the kernel
   */
  static Optional<Floor> floor(InheritedTable found, Optional<Header> saved) {
    var stamp =
        switch (found) {
          case InheritedTable.Absent _, InheritedTable.Closed _ -> Optional.<Stamp>empty();
          case InheritedTable.Damaged(var left, _) -> left;
          case InheritedTable.Whole(var version, _) -> Optional.of(version.stamp());
        };
    return stamp
        .filter(left -> saved.filter(header -> header.version() >= left.version()).isEmpty())
        .map(left -> new Floor(left.topicId(), left.version(), left.digest()))
        .or(
            () ->
                saved.map(
                    header -> new Floor(header.topicId(), header.version(), header.digest())));
  }

  /** Returns the number below which no version of any topic is taken. */
  static long lowest(InheritedTable found, Optional<Header> saved) {
    var before = saved.map(Header::version).orElse(0L);
    return switch (found) {
      case InheritedTable.Closed(var version, _) -> Math.max(before, version.stamp().version());
      case InheritedTable.Absent _, InheritedTable.Damaged _, InheritedTable.Whole _ -> before;
    };
  }
}
