package io.portcullis.agent.enforce;

import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.Stamp;
import java.util.List;
import java.util.Optional;

/** What an agent before this one left in the kernel. */
public sealed interface InheritedTable {
  /** There is no table. */
  record Absent() implements InheritedTable {}

  /**
   * The table is no whole version.
   *
   * @param stamp of the version that it was, if an agent made it
   */
  record Damaged(Optional<Stamp> stamp, String reason) implements InheritedTable {}

  /** The table was made after a boot, and knows no pod. */
  record Closed(EnforcedVersion version, NftDump table) implements InheritedTable {}

  /** The table is a whole version. */
  record Whole(EnforcedVersion version, NftDump table) implements InheritedTable {}

  /** Judges what was read at the start. */
  static InheritedTable of(Kernel.Held held) {
    if (held.tables().live().isEmpty()) {
      return new Absent();
    }
    var stamp = held.live().flatMap(NftDump::stamp);
    if (stamp.isEmpty()) {
      return new Damaged(Optional.empty(), "the table in the kernel is of no agent");
    }
    var dump = held.live().orElseThrow();
    var digest = dump.digest().hex();
    if (!stamp.get().digest().equals(digest)) {
      return new Damaged(
          stamp,
          "the table in the kernel is not version %d any more: digest %s"
              .formatted(stamp.get().version(), digest));
    }
    var version = version(dump, stamp.get());
    return stamp.get().isClosed() ? new Closed(version, dump) : new Whole(version, dump);
  }

  private static EnforcedVersion version(NftDump dump, Stamp stamp) {
    return new EnforcedVersion(
        dump.rules(),
        stamp,
        Optional.empty(),
        List.of(),
        EnforcedVersion.Times.before(stamp),
        Optional.empty(),
        Optional.of(stamp.digest()));
  }
}
