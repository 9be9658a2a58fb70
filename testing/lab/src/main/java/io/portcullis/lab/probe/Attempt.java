package io.portcullis.lab.probe;

import io.portcullis.net.Family;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A probe under way. Each TCP attempt has a socket of its own, since the kernel would repeat its
 * first packet only after a second; UDP repeats the datagram on one socket.
 */
final class Attempt {
  private static final byte[] PAYLOAD =
      "portcullis".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private final Probe probe;
  private final ProbeTiming timing;
  private final long startNanos;
  private final List<NetworkChannel> channels = new ArrayList<>();
  private int sent;
  private boolean finished;

  Attempt(Probe probe, ProbeTiming timing, long startNanos) {
    this.probe = probe;
    this.timing = timing;
    this.startNanos = startNanos;
  }

  Probe probe() {
    return probe;
  }

  boolean finished() {
    return finished;
  }

  /** Returns when the probe is to be sent again or given up. */
  long nextNanos() {
    var resend = timing.resend();
    var after = sent <= resend.size() ? resend.get(sent - 1) : timing.deadline();
    return startNanos + after.toNanos();
  }

  boolean pastDeadline() {
    return sent > timing.resend().size();
  }

  /**
   * Sends the probe, once more; the calling thread must be in the source's namespace.
   *
   * @return the outcome, if it is known at once
   */
  Optional<Outcome> send(Selector selector) {
    sent++;
    try {
      return switch (probe.protocol()) {
        case TCP -> connect(selector);
        case UDP -> sendDatagram(selector);
        case SCTP -> throw new IllegalArgumentException("SCTP is not probed: " + probe);
      };
    } catch (IOException e) {
      return Optional.of(outcome(e));
    }
  }

  private Optional<Outcome> connect(Selector selector) throws IOException {
    var channel = SocketChannel.open(family(probe));
    channels.add(channel);
    channel.configureBlocking(false);
    channel.setOption(
        StandardSocketOptions.SO_LINGER, 0); // closes with a reset and waits for nothing
    channel.bind(new InetSocketAddress(address(probe.source()), 0));
    if (channel.connect(destination(probe))) {
      return Optional.of(new Outcome.Answered());
    }
    channel.register(selector, SelectionKey.OP_CONNECT, this);
    return Optional.empty();
  }

  private Optional<Outcome> sendDatagram(Selector selector) throws IOException {
    if (channels.isEmpty()) {
      var channel = DatagramChannel.open(family(probe));
      channels.add(channel);
      channel.configureBlocking(false);
      channel.bind(new InetSocketAddress(address(probe.source()), 0));
      channel.connect(destination(probe));
      channel.register(selector, SelectionKey.OP_READ, this);
    }
    ((DatagramChannel) channels.getFirst()).write(ByteBuffer.wrap(PAYLOAD));
    return Optional.empty();
  }

  /** Returns the outcome that a ready socket shows, if any. */
  Optional<Outcome> seen(SelectionKey key) {
    if (finished) {
      return Optional.empty();
    }
    try {
      return switch (key.channel()) {
        case SocketChannel tcp ->
            tcp.finishConnect() ? Optional.of(new Outcome.Answered()) : Optional.empty();
        case DatagramChannel udp ->
            udp.read(ByteBuffer.allocate(PAYLOAD.length)) > 0
                ? Optional.of(new Outcome.Answered())
                : Optional.empty();
        default -> throw new IllegalStateException("not a socket of a probe: " + key.channel());
      };
    } catch (IOException e) {
      return Optional.of(outcome(e));
    }
  }

  private static Outcome outcome(IOException e) {
    return switch (e) {
      case PortUnreachableException _ -> new Outcome.Refused();
      case ConnectException refused when "Connection refused".equals(refused.getMessage()) ->
          new Outcome.Refused();
      default -> new Outcome.Failed(Optional.ofNullable(e.getMessage()).orElse(e.toString()));
    };
  }

  void finish() {
    finished = true;
    try {
      for (var channel : channels) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static InetSocketAddress destination(Probe probe) {
    return new InetSocketAddress(address(probe.destination()), probe.port());
  }

  static ProtocolFamily family(Probe probe) {
    return probe.destination().family() == Family.V4
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  private static InetAddress address(io.portcullis.net.IpAddress ip) {
    return InetAddress.ofLiteral(ip.toString());
  }
}
