package io.portcullis.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class AddressTest {

  @Example
  void n7_hostBitsAreMasked() {
    assertThat(Cidr.parse("10.244.1.7/24")).hasToString("10.244.1.0/24");
    assertThat(Cidr.parse("2001:db8::1/32")).hasToString("2001:db8::/32");
  }

  @Example
  void n7_mappedZonedAndLooseAddressesAreInvalid() {
    for (var text :
        List.of(
            "::ffff:10.0.0.1",
            "fe80::1%eth0",
            "10.1",
            "010.0.0.1",
            "0x7f.0.0.1",
            "",
            "*",
            "10.0.0.1-3.4",
            "10.0.0.1/32",
            "[::1]",
            " 10.0.0.1",
            "localhost")) {
      assertThatIllegalArgumentException().as(text).isThrownBy(() -> IpAddress.parse(text));
    }
    for (var text :
        List.of(
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0.0/08",
            "10.0.0.0/-1",
            "::/129",
            "10.0.0.0/255.0.0.0",
            "::ffff:10.0.0.0/100")) {
      assertThatIllegalArgumentException().as(text).isThrownBy(() -> Cidr.parse(text));
    }
  }

  /** Compares with a slow reading by a pattern. */
  @Property(tries = 5_000)
  void n7_dottedNumbersAreReadAsTheyAreWritten(
      @ForAll @Chars({'0', '1', '2', '5', '6', '.', '.'}) @StringLength(max = 17) String text) {
    var part = "(0|[1-9][0-9]{0,2})";
    var parts =
        text.matches(part + ("\\." + part).repeat(3))
            ? Stream.of(text.split("\\.")).mapToInt(Integer::parseInt).toArray()
            : new int[] {256};
    if (IntStream.of(parts).allMatch(number -> number < 256)) {
      var bits = IntStream.of(parts).asLongStream().reduce(0, (all, next) -> all * 256 + next);
      assertThat(IpAddress.parse(text)).isEqualTo(new IpAddress(Family.V4, 0, bits));
      assertThat(IpAddress.parse(text)).hasToString(text);
    } else {
      assertThatIllegalArgumentException().as(text).isThrownBy(() -> IpAddress.parse(text));
    }
  }

  @Property(tries = 500)
  void whatIsLeftHoldsExactlyWhatNoHoleHolds(
      @ForAll @Size(max = 4) List<@IntRange(max = 40) Integer> starts,
      @ForAll @Size(4) List<@IntRange(max = 12) Integer> lengths,
      @ForAll @IntRange(min = 5, max = 30) int last) {
    var whole = new IpRange(at(5), at(last));
    var holes = new java.util.ArrayList<IpRange>();
    for (var i = 0; i < starts.size(); i++) {
      holes.add(new IpRange(at(starts.get(i)), at(starts.get(i) + lengths.get(i))));
    }
    var left = whole.minus(holes);
    for (var i = 0; i <= 60; i++) {
      var address = at(i);
      assertThat(left.stream().anyMatch(range -> range.contains(address)))
          .isEqualTo(whole.contains(address) && holes.stream().noneMatch(h -> h.contains(address)));
    }
    assertThat(IpRange.merge(left)).isEqualTo(left);
  }

  @Example
  void nothingIsLeftOfAFamilyWithoutItself() {
    var all = Cidr.parse("::/0").range();
    assertThat(all.minus(List.of(all))).isEmpty();
    assertThat(
            IpRange.merge(
                Cidr.parse("0.0.0.0/0")
                    .range()
                    .minus(List.of(Cidr.parse("255.255.255.255/32").range()))))
        .hasToString("[0.0.0.0-255.255.255.254]");
  }

  @Example
  void n7_whatIsLeftOfABlockMayBeginAmongMappedAddresses() {
    var left = Cidr.parse("::/0").range().minus(List.of(Cidr.parse("::fffe:0:0/96").range()));
    assertThat(left)
        .hasToString("[::-::fffd:ffff:ffff, ::ffff:0:0-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]");
    for (var range : left) {
      assertThat(IpRange.parse(range.toString())).isEqualTo(range);
    }
  }

  private static IpAddress at(int number) {
    return new IpAddress(Family.V4, BigInteger.valueOf(number));
  }
}
