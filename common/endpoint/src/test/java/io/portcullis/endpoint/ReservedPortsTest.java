package io.portcullis.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReservedPortsTest {
  private static final int SOME = 6;

  /** Neither replica listens yet when both have checked what is free. */
  @Test
  void twoReplicasThatStartAtOnceTakeDifferentPorts() {
    var range = someFree();
    try (var one = ReservedPorts.first(range).orElseThrow();
        var other = ReservedPorts.first(range).orElseThrow()) {
      assertThat(other.ports()).isNotEqualTo(one.ports());
      assertThat(range).contains(one.ports(), other.ports());
    }
  }

  @Test
  void aReservationEndsWithItsProcess() {
    var range = someFree().subList(0, 1);
    for (var i = 0; i < 2; i++) {
      try (var reserved = ReservedPorts.first(range).orElseThrow()) {
        assertThat(reserved.ports()).isEqualTo(range.getFirst());
        assertThat(ReservedPorts.first(range)).isEmpty();
      }
    }
  }

  @Test
  void aPortThatAnyProgramListensOnIsPassedOver() throws IOException {
    var range = someFree();
    for (var taken : List.of(range.getFirst().management(), range.getFirst().main())) {
      try (var listener = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress());
          var reserved = ReservedPorts.first(range).orElseThrow()) {
        assertThat(listener.isBound()).isTrue();
        assertThat(reserved.ports()).isNotEqualTo(range.getFirst());
      }
    }
  }

  /** Finds ports that are free now; other programs of this machine may take some meanwhile. */
  private static List<PortPair> someFree() {
    return IntStream.range(21_000, 29_000)
        .filter(port -> port % SOME == 0)
        .mapToObj(port -> PortPair.parse(port + "-" + (port + SOME - 1)))
        .filter(range -> range.stream().allMatch(ReservedPortsTest::isFree))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isFree(PortPair pair) {
    try (var reserved = ReservedPorts.first(List.of(pair)).orElse(null)) {
      return reserved != null;
    }
  }
}
