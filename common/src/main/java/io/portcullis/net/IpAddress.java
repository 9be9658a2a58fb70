package io.portcullis.net;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.ipv6.IPv6Address;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One IPv4 or IPv6 address, written canonically (RFC 5952). Zoned addresses are invalid, and
 * IPv4-mapped ones are where people write them (N7).
 *
 * @param family the address family
 * @param value the address as an unsigned number
 */
public record IpAddress(Family family, BigInteger value) implements Comparable<IpAddress> {
  private static final Comparator<IpAddress> ORDER =
      Comparator.comparing(IpAddress::family).thenComparing(IpAddress::value);

  private static final BigInteger MAPPED_PREFIX = BigInteger.valueOf(0xffff);

  private static final Pattern WRITTEN = Pattern.compile("[0-9a-fA-F:.]+");

  private static final IPAddressStringParameters STRICT =
      new IPAddressStringParameters.Builder()
          .allowEmpty(false)
          .allowAll(false)
          .allowSingleSegment(false)
          .allowWildcardedSeparator(false)
          .allowMask(false)
          .setRangeOptions(inet.ipaddr.AddressStringParameters.RangeParameters.NO_RANGE)
          .getIPv4AddressParametersBuilder()
          .allow_inet_aton(false)
          .allowLeadingZeros(false)
          .allowUnlimitedLeadingZeros(false)
          .allowBinary(false)
          .getParentBuilder()
          .getIPv6AddressParametersBuilder()
          .allowZone(false)
          .allowBase85(false)
          .allowBinary(false)
          .getParentBuilder()
          .toParams();

  public IpAddress {
    Objects.requireNonNull(family, "family");
    if (value.signum() < 0 || value.bitLength() > family.bits()) {
      throw new IllegalArgumentException("not an address of IP" + family.suffix() + ": " + value);
    }
  }

  /**
   * The address that a packet would hold as these bytes.
   *
   * @throws IllegalArgumentException when there are neither 4 nor 16 of them
   */
  public static IpAddress of(byte[] bytes) {
    for (var family : Family.values()) {
      if (bytes.length * Byte.SIZE == family.bits()) {
        return new IpAddress(family, new BigInteger(1, bytes));
      }
    }
    throw new IllegalArgumentException("no address has " + bytes.length + " bytes");
  }

  /**
   * Reads one address as a manifest may write it.
   *
   * @throws IllegalArgumentException with the text and the reason
   */
  @JsonCreator
  public static IpAddress parse(String text) {
    var address = parseBound(text);
    if (address.isIpv4Mapped()) {
      throw new IllegalArgumentException("an IPv4-mapped IPv6 address, write it as IPv4: " + text);
    }
    return address;
  }

  /**
   * Reads one address that may be any, as the bound of a range: what is left of a block without its
   * exceptions may begin or end among the IPv4-mapped ones.
   *
   * @throws IllegalArgumentException with the text and the reason
   */
  public static IpAddress parseBound(String text) {
    if (text == null || !WRITTEN.matcher(text).matches()) {
      throw new IllegalArgumentException("not an IP address: " + text);
    }
    try {
      var address = new IPAddressString(text, STRICT).toAddress();
      if (address == null || address.isMultiple() || address.isPrefixed()) {
        throw new IllegalArgumentException("not an IP address: " + text);
      }
      return new IpAddress(address.isIPv4() ? Family.V4 : Family.V6, address.getValue());
    } catch (AddressStringException e) {
      throw new IllegalArgumentException("not an IP address: " + text, e);
    }
  }

  private boolean isIpv4Mapped() {
    return family == Family.V6 && value.shiftRight(32).equals(MAPPED_PREFIX);
  }

  /** The next address, or the same one at the end of the family's range. */
  public IpAddress next() {
    var next = value.add(BigInteger.ONE);
    return next.bitLength() > family.bits() ? this : new IpAddress(family, next);
  }

  /** The address before, or the same one at zero. */
  public IpAddress previous() {
    return value.signum() == 0 ? this : new IpAddress(family, value.subtract(BigInteger.ONE));
  }

  @Override
  public int compareTo(IpAddress other) {
    return ORDER.compare(this, other);
  }

  @Override
  @JsonValue
  public String toString() {
    return switch (family) {
      case V4 -> dotted(value.intValue());
      case V6 -> new IPv6Address(value).toCanonicalString();
    };
  }

  private static String dotted(int bits) {
    return (bits >>> 24) + "." + (bits >> 16 & 255) + "." + (bits >> 8 & 255) + "." + (bits & 255);
  }
}
