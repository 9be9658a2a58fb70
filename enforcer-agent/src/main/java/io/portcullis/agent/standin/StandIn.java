package io.portcullis.agent.standin;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.portcullis.agent.kernel.Generation;
import io.portcullis.agent.netlink.Libc;
import io.portcullis.agent.netlink.NetlinkSocket;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.NftRenderer;
import io.portcullis.retry.Outage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in for the table that enforces, when others have removed it, by a {@link ClosedTable} that
 * was written beforehand. It belongs to the network namespace of the thread that opens it. Any
 * thread may use it.
 */
public final class StandIn implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StandIn.class);
  private static final int EEXIST = 17;

  /** The kernel takes so much at once from any socket. */
  private static final int DEFAULT_ROOM = 64 * 1024;

  private final NetlinkSocket socket;
  private final Generation tables;
  private final Outage outage = new Outage();
  private Optional<Written> ready = Optional.empty();

  /**
   * A table, ready to be sent.
   *
   * @param batch begins the transaction; there is room for its end
   */
  private record Written(ClosedTable table, MemorySegment batch, long length) {
    private static final int ROOM = 1024;

    static Written of(ClosedTable table) {
      var begin = TableBatch.begin(table);
      var batch = Arena.ofAuto().allocate(begin.length + ROOM);
      MemorySegment.copy(begin, 0, batch, JAVA_BYTE, 0, begin.length);
      return new Written(table, batch, begin.length);
    }

    MemorySegment until(GuardLease lease) {
      var end = TableBatch.end(lease);
      MemorySegment.copy(end, 0, batch, JAVA_BYTE, length, end.length);
      return batch.asSlice(0, length + end.length);
    }
  }

  private StandIn(NetlinkSocket socket, Generation tables) {
    this.socket = socket;
    this.tables = tables;
  }

  /** Opens it in the network namespace of the calling thread, where Java and the system can. */
  public static Optional<StandIn> open() {
    try {
      var socket = new NetlinkSocket(Libc.load(), Libc.NETLINK_NETFILTER);
      return Generation.open().map(tables -> new StandIn(socket, tables));
    } catch (IOException e) {
      LOG.warn("a table that others remove is away until it is loaded again: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Has this table ready from now on. */
  public synchronized void prepare(ClosedTable table) {
    if (ready.filter(written -> written.table().equals(table)).isPresent()) {
      return;
    }
    var written = Written.of(table);
    ready = Optional.of(written);
    try {
      if (written.batch().byteSize() > DEFAULT_ROOM) {
        socket.makeRoom((int) written.batch().byteSize());
      }
    } catch (IOException e) {
      LOG.debug("the table that stands in may be too long to be sent", e);
    }
  }

  /** Returns whether a table stands in now, or is left of an interrupted change. */
  public synchronized boolean stands() {
    return !tables.isGone(NftRenderer.SWAP_TABLE);
  }

  /**
   * Loads the table that is ready, if nothing of ours is in the kernel; that it stays so meanwhile,
   * the kernel sees to.
   *
   * @param lease what is left of the guard of new pods
   */
  public synchronized void closeIfGone(GuardLease lease) {
    if (ready.isEmpty() || !tables.isGone(NftRenderer.TABLE) || stands()) {
      return;
    }
    try {
      var error = socket.send(ready.get().until(lease));
      if (error != 0 && error != EEXIST) { // loaded again meanwhile
        throw new IOException("error " + error);
      }
      outage.end();
    } catch (IOException e) {
      outage.report(
          "the kernel takes no table in place of one that others have removed: " + e.getMessage(),
          LOG::warn);
    }
  }

  @Override
  public void close() {
    try (tables) {
      socket.close();
    } catch (IOException e) {
      LOG.warn("the socket of the table that stands in: {}", e.getMessage());
    }
  }
}
