package io.portcullis.net;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.util.Optional;

/**
 * A prefix of addresses. Host bits are masked (N7).
 *
 * @param network the first address
 * @param length the prefix length in bits
 */
public record Cidr(IpAddress network, int length) {

  public Cidr {
    if (length < 0 || length > network.family().bits()) {
      throw new IllegalArgumentException(
          "prefix length out of 0–" + network.family().bits() + ": " + length);
    }
    var host = network.family().bits() - length;
    network = new IpAddress(network.family(), network.value().shiftRight(host).shiftLeft(host));
  }

  /**
   * Reads {@code address/length}.
   *
   * @throws IllegalArgumentException with the text and the reason
   */
  @JsonCreator
  public static Cidr parse(String text) {
    var slash = text == null ? -1 : text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not a CIDR (address/length): " + text);
    }
    var length = text.substring(slash + 1);
    if (!length.matches("0|[1-9][0-9]{0,2}")) {
      throw new IllegalArgumentException("not a CIDR (address/length): " + text);
    }
    return new Cidr(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(length));
  }

  /** Returns the prefix with the same addresses as a range, if there is one. */
  public static Optional<Cidr> of(IpRange range) {
    var same = range.first().value().xor(range.last().value());
    var cidr = new Cidr(range.first(), range.family().bits() - same.bitLength());
    return Optional.of(cidr).filter(prefix -> prefix.range().equals(range));
  }

  public Family family() {
    return network.family();
  }

  /** Returns all addresses of the prefix. */
  public IpRange range() {
    var host = family().bits() - length;
    var last = network.value().add(BigInteger.ONE.shiftLeft(host)).subtract(BigInteger.ONE);
    return new IpRange(network, new IpAddress(family(), last));
  }

  /** Returns whether the other prefix lies inside this one and is longer. */
  public boolean strictlyContains(Cidr other) {
    return other.family() == family() && other.length > length && range().contains(other.network);
  }

  @Override
  @JsonValue
  public String toString() {
    return network + "/" + length;
  }
}
