package io.portcullis.agent.netlink;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the kernel to say that tables of nftables, links or routes have changed, in the network
 * namespace of the thread that opens it. A thread of its own waits, so that the loop need not ask
 * again and again. The kernel may lose notifications of which there are too many, but never the
 * last one.
 */
public final class KernelEvents implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KernelEvents.class);
  private static final int TABLES = 7; // NFNLGRP_NFTABLES
  private static final int LINKS = 1; // RTNLGRP_LINK
  private static final int ROUTES_V4 = 7; // RTNLGRP_IPV4_ROUTE
  private static final int ROUTES_V6 = 11; // RTNLGRP_IPV6_ROUTE
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

  private final NetlinkSocket tables;
  private final NetlinkSocket routes;
  private Optional<Thread> thread = Optional.empty();
  private volatile boolean closed;
  private volatile boolean failed;

  private KernelEvents(NetlinkSocket tables, NetlinkSocket routes) {
    this.tables = tables;
    this.routes = routes;
  }

  /** Opens it, where Java and the system can. */
  public static Optional<KernelEvents> open() {
    try {
      var libc = Libc.load();
      var events =
          new KernelEvents(
              NetlinkSocket.bound(libc, Libc.NETLINK_NETFILTER),
              NetlinkSocket.bound(libc, Libc.NETLINK_ROUTE));
      events.tables.join(TABLES);
      for (var group : new int[] {LINKS, ROUTES_V4, ROUTES_V6}) {
        events.routes.join(group);
      }
      return Optional.of(events);
    } catch (IOException e) {
      LOG.warn("the kernel cannot say what changes, and is asked instead: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Starts the thread. It calls back after each change, however many there were at once.
   *
   * @param first runs before the notifications are received
   * @param changed runs after that
   */
  public void start(Runnable first, Runnable changed) {
    thread =
        Optional.of(Thread.ofPlatform().name("kernel").daemon().start(() -> run(first, changed)));
  }

  /** Tells whether changes are noticed; false after an error of the system. */
  public boolean areNoticed() {
    return thread.isPresent() && !failed;
  }

  private void run(Runnable first, Runnable changed) {
    try {
      while (!closed) {
        NetlinkSocket.awaitAny(tables, routes);
        first.run();
        if (tables.drain() | routes.drain()) { // both
          changed.run();
        }
      }
    } catch (IOException | RuntimeException e) {
      failed = true;
      LOG.error("the kernel's notifications cannot be received; it is asked instead", e);
      changed.run();
    }
  }

  /**
   * Ceases to notice changes of tables. A large transaction of the agent's own takes longer while
   * the kernel makes notifications of it.
   */
  public void pauseTables() {
    try {
      tables.leave(TABLES);
    } catch (IOException e) {
      LOG.debug("notifications of the next transaction come", e);
    }
  }

  /** Notices changes of tables again. Who calls this asks for the generation afterwards. */
  public void resumeTables() {
    try {
      tables.join(TABLES);
    } catch (IOException e) {
      failed = true;
      LOG.error("the kernel does not say any more what changes, and is asked instead", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    try (tables;
        routes) {
      if (thread.isPresent()) {
        tables.wake();
        thread.get().join(LONGEST_CLOSE);
      }
    } catch (IOException e) {
      LOG.warn("the sockets of the kernel's notifications: {}", e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
