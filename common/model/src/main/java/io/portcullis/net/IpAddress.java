package io.portcullis.net;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.ipv6.IPv6Address;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * An IPv4 or IPv6 address, written canonically (RFC 5952). Addresses with a zone are invalid. An
 * IPv4-mapped address is invalid in a manifest (N7).
 *
 * @param family the address family
 * @param high the first 64 bits of an IPv6 address; 0 for an IPv4 address
 * @param low the last 64 bits, unsigned; all of an IPv4 address
 */
public record IpAddress(Family family, long high, long low) implements Comparable<IpAddress> {
  private static final long LARGEST_V4 = 0xffff_ffffL;
  private static final long MAPPED_PREFIX = 0xffff;

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
    if (family == Family.V4 && (high != 0 || low < 0 || low > LARGEST_V4)) {
      throw new IllegalArgumentException("not an IPv4 address: " + high + ", " + low);
    }
  }

  /**
   * Makes the address with this number.
   *
   * @throws IllegalArgumentException when the family has none
   */
  public IpAddress(Family family, BigInteger value) {
    this(family, checked(family, value).shiftRight(Long.SIZE).longValue(), value.longValue());
  }

  private static BigInteger checked(Family family, BigInteger value) {
    if (value.signum() < 0 || value.bitLength() > family.bits()) {
      throw new IllegalArgumentException("not an address of IP" + family.suffix() + ": " + value);
    }
    return value;
  }

  /** Returns the address as an unsigned number. */
  public BigInteger value() {
    return unsigned(high).shiftLeft(Long.SIZE).or(unsigned(low));
  }

  private static BigInteger unsigned(long bits) {
    var positive = BigInteger.valueOf(bits & Long.MAX_VALUE);
    return bits < 0 ? positive.setBit(Long.SIZE - 1) : positive;
  }

  /**
   * Returns the address that a packet holds as these bytes.
   *
   * @throws IllegalArgumentException unless there are 4 or 16 bytes
   */
  public static IpAddress of(byte[] bytes) {
    for (var family : Family.values()) {
      if (bytes.length * Byte.SIZE == family.bits()) {
        return new IpAddress(family, new BigInteger(1, bytes));
      }
    }
    throw new IllegalArgumentException("no address has " + bytes.length + " bytes");
  }

  /** Returns the bytes that a packet holds of the address. */
  public byte[] bytes() {
    return switch (family) {
      case V4 -> ByteBuffer.allocate(Integer.BYTES).putInt((int) low).array();
      case V6 -> ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
    };
  }

  /**
   * Reads an address as a manifest may write it.
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
   * Reads any address, such as the bound of a range: what is left of a block without its exceptions
   * may begin or end among the IPv4-mapped addresses.
   *
   * @throws IllegalArgumentException with the text and the reason
   */
  public static IpAddress parseBound(String text) {
    var dotted = DottedQuad.parse(text);
    if (dotted.isPresent()) {
      return new IpAddress(Family.V4, 0, dotted.getAsLong());
    }
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
    return family == Family.V6 && high == 0 && low >>> 32 == MAPPED_PREFIX;
  }

  /** Returns the next address, or this one where it is the family's last. */
  public IpAddress next() {
    return switch (family) {
      case V4 -> low == LARGEST_V4 ? this : new IpAddress(family, 0, low + 1);
      case V6 ->
          high == -1 && low == -1
              ? this
              : new IpAddress(family, low == -1 ? high + 1 : high, low + 1);
    };
  }

  /** Returns the previous address, or this one where it is the family's first. */
  public IpAddress previous() {
    return high == 0 && low == 0
        ? this
        : new IpAddress(family, low == 0 ? high - 1 : high, low - 1);
  }

  @Override
  public int compareTo(IpAddress other) {
    if (family != other.family) {
      return family.compareTo(other.family);
    }
    var byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** Returns a hash that differs for near addresses, because sets and maps hold many of them. */
  @Override
  public int hashCode() {
    return 31 * Long.hashCode(high) + Long.hashCode(low) + family.bits();
  }

  @Override
  @JsonValue
  public String toString() {
    return switch (family) {
      case V4 -> DottedQuad.text((int) low);
      case V6 -> new IPv6Address(value()).toCanonicalString();
    };
  }
}
