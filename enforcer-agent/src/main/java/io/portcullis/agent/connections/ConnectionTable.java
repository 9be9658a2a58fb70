package io.portcullis.agent.connections;

import io.portcullis.net.IpAddress;
import java.io.IOException;
import java.util.function.Consumer;

/** The kernel's table of connections. One thread uses it. */
public interface ConnectionTable extends AutoCloseable {

  /** Tells which connections are worth their time. */
  interface Interest {
    /**
     * Returns whether the connection is to be passed on.
     *
     * @param client the source of the first packet
     * @param server the source of the replies
     * @param cut whether the connection is cut
     */
    boolean in(IpAddress client, IpAddress server, boolean cut);
  }

  /**
   * Passes every connection of interest once; those that begin or end meanwhile may be missing.
   *
   * @return how many connections there were
   */
  int forEach(Interest interest, Consumer<Connection> use) throws IOException;

  /**
   * Marks a connection as cut, or takes that mark away; other bits of its mark stay.
   *
   * @return whether the connection was still there
   */
  boolean mark(Connection connection, boolean cut) throws IOException;

  /**
   * Lets the kernel forget a connection: its next packet is judged as the first one.
   *
   * @return whether the connection was still there
   */
  boolean forget(Connection connection) throws IOException;

  @Override
  void close();

  /** Returns a stand-in for a table that cannot be reached. */
  static ConnectionTable unreachable(String reason) {
    return new ConnectionTable() {
      @Override
      public int forEach(Interest interest, Consumer<Connection> use) throws IOException {
        throw new IOException(reason);
      }

      @Override
      public boolean mark(Connection connection, boolean cut) throws IOException {
        throw new IOException(reason);
      }

      @Override
      public boolean forget(Connection connection) throws IOException {
        throw new IOException(reason);
      }

      @Override
      public void close() {}
    };
  }
}
