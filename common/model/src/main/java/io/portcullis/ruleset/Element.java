package io.portcullis.ruleset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.portcullis.net.Family;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** A member of an address set. Its text is the last part of its record's key. */
public sealed interface Element extends Comparable<Element> {

  Family family();

  /** Returns the kind of set that has such members. */
  SetKind kind();

  /** Returns whether a packet to or from this address matches. */
  boolean matches(IpAddress address, Optional<Flow.Port> port);

  /** The address of a pod. */
  record Host(IpAddress address) implements Element {
    @Override
    public Family family() {
      return address.family();
    }

    @Override
    public SetKind kind() {
      return SetKind.HOSTS;
    }

    @Override
    public boolean matches(IpAddress other, Optional<Flow.Port> port) {
      return address.equals(other);
    }

    @Override
    @JsonValue
    public String toString() {
      return address.toString();
    }
  }

  /** A range of addresses that is disjoint from all others of its set. */
  record Network(IpRange range) implements Element {
    @Override
    public Family family() {
      return range.family();
    }

    @Override
    public SetKind kind() {
      return SetKind.NETWORKS;
    }

    @Override
    public boolean matches(IpAddress other, Optional<Flow.Port> port) {
      return range.contains(other);
    }

    @Override
    @JsonValue
    public String toString() {
      return range.toString();
    }
  }

  /** The address of a destination pod, with the number of a named port there (N9). */
  record HostPort(IpAddress address, Protocol protocol, int port) implements Element {
    private static final Comparator<HostPort> ORDER =
        Comparator.comparing(HostPort::address)
            .thenComparing(HostPort::protocol)
            .thenComparingInt(HostPort::port);

    public HostPort {
      PortRange.of(protocol, port);
    }

    @Override
    public Family family() {
      return address.family();
    }

    @Override
    public SetKind kind() {
      return SetKind.HOST_PORTS;
    }

    @Override
    public boolean matches(IpAddress other, Optional<Flow.Port> to) {
      return address.equals(other)
          && to.filter(p -> p.protocol() == protocol && p.number() == port).isPresent();
    }

    private int compare(HostPort other) {
      return ORDER.compare(this, other);
    }

    @Override
    @JsonValue
    public String toString() {
      return address + "," + protocol.nft() + "," + port;
    }
  }

  /**
   * Reads {@code address}, {@code first-last} or {@code address,protocol,port}.
   *
   * @throws IllegalArgumentException when it is none of them
   */
  @JsonCreator
  static Element parse(String text) {
    var parts = text.split(",", -1);
    if (parts.length == 3) {
      return new HostPort(
          IpAddress.parse(parts[0]),
          Protocol.valueOf(parts[1].toUpperCase(Locale.ROOT)),
          Integer.parseInt(parts[2]));
    }
    return text.indexOf('-') > 0
        ? new Network(IpRange.parse(text))
        : new Host(IpAddress.parse(text));
  }

  @Override
  default int compareTo(Element other) {
    return switch (this) {
      case Host(var mine) when other instanceof Host(var theirs) -> mine.compareTo(theirs);
      case Network(var mine) when other instanceof Network(var theirs) -> mine.compareTo(theirs);
      case HostPort mine when other instanceof HostPort theirs -> mine.compare(theirs);
      default -> kind().compareTo(other.kind());
    };
  }
}
