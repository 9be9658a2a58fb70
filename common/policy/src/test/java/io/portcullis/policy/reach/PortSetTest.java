package io.portcullis.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.net.Flow;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortSetTest {
  private static final PortSet WEB = ports("tcp/80", "tcp/443");
  private static final PortSet TCP = ports("tcp/0-65535");

  private static PortSet ports(String... ranges) {
    return PortSet.of(List.of(ranges).stream().map(PortRange::parse).toList());
  }

  @Test
  void peopleReadIt() {
    assertThat(WEB).hasToString("tcp/80, tcp/443");
    assertThat(TCP.or(ports("udp/53"))).hasToString("tcp, udp/53");
    assertThat(PortSet.NOTHING).hasToString("none");
    assertThat(PortSet.EVERYTHING).hasToString("all");
    assertThat(PortSet.EVERYTHING.minus(ports("tcp/25"))).hasToString("all except tcp/25");
    assertThat(PortSet.of(Optional.empty()).or(WEB))
        .hasToString("tcp/80, tcp/443, icmp and others");
    assertThat(PortSet.EVERYTHING.minus(PortSet.of(Optional.empty())))
        .hasToString("tcp, udp, sctp");
  }

  @Test
  void adjoiningRangesAreOneRange() {
    assertThat(ports("tcp/80", "tcp/81-90").ranges()).containsExactly(PortRange.parse("tcp/80-90"));
    assertThat(ports("tcp/65535", "udp/0").ranges())
        .containsExactly(PortRange.parse("tcp/65535"), PortRange.parse("udp/0"));
  }

  @Test
  void setsAreUnitedCutAndSubtracted() {
    assertThat(TCP.minus(WEB).or(WEB)).isEqualTo(TCP);
    assertThat(TCP.and(WEB)).isEqualTo(WEB);
    assertThat(WEB.minus(TCP)).isEqualTo(PortSet.NOTHING);
    assertThat(WEB.contains(Optional.of(new Flow.Port(Protocol.TCP, 80)))).isTrue();
    assertThat(WEB.contains(Optional.of(new Flow.Port(Protocol.TCP, 81)))).isFalse();
    assertThat(WEB.contains(Optional.of(new Flow.Port(Protocol.UDP, 80)))).isFalse();
    assertThat(WEB.hasOther()).isFalse();
    assertThat(PortSet.EVERYTHING.hasOther()).isTrue();
  }
}
