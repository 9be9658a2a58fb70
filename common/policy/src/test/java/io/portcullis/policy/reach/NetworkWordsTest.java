package io.portcullis.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.net.Cidr;
import io.portcullis.net.IpRange;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkWordsTest {
  private static String words(String... cidrs) {
    return NetworkWords.of(ranges(cidrs));
  }

  private static List<IpRange> ranges(String... cidrs) {
    return Arrays.stream(cidrs).map(Cidr::parse).map(Cidr::range).toList();
  }

  private static String without(String cidr, String... except) {
    return NetworkWords.of(Cidr.parse(cidr).range().minus(ranges(except)));
  }

  @Test
  void networksAreNamedAsPoliciesNameThem() {
    assertThat(words("0.0.0.0/0")).isEqualTo("anywhere");
    assertThat(words("::/0")).isEqualTo("anywhere");
    assertThat(words("10.0.0.0/8")).isEqualTo("10.0.0.0/8");
    assertThat(words("10.0.0.0/9", "10.128.0.0/9")).isEqualTo("10.0.0.0/8");
    assertThat(words("192.0.2.7/32", "10.0.0.0/8")).isEqualTo("10.0.0.0/8, 192.0.2.7/32");
    assertThat(without("10.0.0.0/8", "10.1.0.0/16")).isEqualTo("10.0.0.0/8 except 10.1.0.0/16");
    assertThat(without("0.0.0.0/0", "10.0.0.0/8", "192.168.0.0/16"))
        .isEqualTo("anywhere except 10.0.0.0/8, 192.168.0.0/16");
    assertThat(without("::/0", "fd00::/8")).isEqualTo("anywhere except fd00::/8");
  }

  @Test
  void whatWouldBeTooManyWordsIsShortened() {
    var holes = new String[12];
    Arrays.setAll(holes, i -> "10.%d.3.0/24".formatted(2 * i));
    assertThat(without("0.0.0.0/0", holes)).isEqualTo("anywhere else");
    assertThat(words(holes)).endsWith(" and 7 more");
  }
}
