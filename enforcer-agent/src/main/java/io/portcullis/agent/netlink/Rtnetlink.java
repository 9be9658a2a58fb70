package io.portcullis.agent.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.portcullis.agent.links.Link;
import io.portcullis.agent.links.Network;
import io.portcullis.agent.links.Route;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the links and routes of one network namespace, and knows whether they have changed, which
 * takes microseconds. One thread uses it.
 */
public final class Rtnetlink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rtnetlink.class);
  private static final int LINK_HEADER = 16; // struct ifinfomsg
  private static final int ROUTE_HEADER = 12; // struct rtmsg
  private static final int LONGEST_MESSAGE = 1 << 16; // the kernel fills 32 KiB at most
  private static final int GROUPS = 0x1 | 0x40 | 0x400; // RTMGRP_LINK, _IPV4_ROUTE, _IPV6_ROUTE
  private static final int RTM_NEWLINK = 16;
  private static final int RTM_NEWROUTE = 24;
  private static final int TO_GET = 2; // from the number of RTM_NEW to that of RTM_GET
  private static final byte AF_UNSPEC = 0;
  private static final byte AF_INET = 2;
  private static final byte AF_INET6 = 10;

  private final Libc libc;
  private final NetlinkSocket questions;
  private final int events;
  private final MemorySegment told = Arena.ofAuto().allocate(LONGEST_MESSAGE);

  private Rtnetlink(Libc libc, NetlinkSocket questions, int events) {
    this.libc = libc;
    this.questions = questions;
    this.events = events;
  }

  /** Opens it in the network namespace of the calling thread, where Java and the system can. */
  public static Optional<Rtnetlink> open() {
    try {
      return Optional.of(open(Libc.load()));
    } catch (IOException e) {
      LOG.warn("links and routes cannot be read: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static Rtnetlink open(Libc libc) throws IOException {
    var questions = new NetlinkSocket(libc, Libc.NETLINK_ROUTE);
    var events = libc.openRaw(Libc.AF_NETLINK, Libc.NETLINK_ROUTE);
    try (var arena = Arena.ofConfined()) {
      var address = arena.allocate(12); // struct sockaddr_nl
      address.set(JAVA_SHORT_UNALIGNED, 0, (short) Libc.AF_NETLINK);
      address.set(JAVA_INT_UNALIGNED, 8, GROUPS);
      libc.bind(events, address);
    }
    return new Rtnetlink(libc, questions, events);
  }

  /** Returns whether links or routes may have changed since the last call. */
  public boolean hasChanged() throws IOException {
    var changed = false;
    try {
      while (true) {
        libc.receive(events, told);
        changed = true;
      }
    } catch (Libc.RefusedException e) {
      return switch (e.errno()) {
        case Libc.EAGAIN -> changed;
        case Libc.ENOBUFS -> true; // more has changed than the kernel kept
        default -> throw e;
      };
    }
  }

  /** Reads all links and routes. */
  public Network read() throws IOException {
    var links = new ArrayList<Link>();
    var routes = new ArrayList<Route>();
    dump(RTM_NEWLINK, LINK_HEADER, AF_UNSPEC, content -> links.add(RouteMessages.link(content)));
    for (var family : new byte[] {AF_INET, AF_INET6}) {
      dump(
          RTM_NEWROUTE,
          ROUTE_HEADER,
          family,
          content -> routes.addAll(RouteMessages.routes(content)));
    }
    return new Network(links, routes);
  }

  private interface Reader {
    void read(MemorySegment content) throws IOException;
  }

  private void dump(int type, int header, byte family, Reader reader) throws IOException {
    var content = MemorySegment.ofArray(new byte[header]);
    content.set(JAVA_BYTE, 0, family);
    var error =
        questions.ask(
            type + TO_GET,
            NetlinkSocket.DUMP,
            content,
            (answered, answer) -> {
              if (answered == type) {
                reader.read(answer);
              }
            });
    if (error != 0) {
      throw new IOException("links and routes cannot be read: error " + error);
    }
  }

  @Override
  public void close() {
    try (questions) {
      libc.close(events);
    } catch (IOException e) {
      LOG.warn("the sockets of links and routes: {}", e.getMessage());
    }
  }
}
