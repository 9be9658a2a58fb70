package io.portcullis.agent.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** C2: who stays narrowed after a look. */
class NarrowedEndpointsTest {
  private static final IpAddress A = IpAddress.parse("10.0.0.1");
  private static final IpAddress B = IpAddress.parse("10.0.0.2");
  private static final IpAddress C = IpAddress.parse("10.0.0.3");

  private final AtomicLong clock = new AtomicLong(100);
  private final NarrowedEndpoints narrowed = new NarrowedEndpoints(clock::get);

  private static RuleSet endpoints(IpAddress... ips) {
    return RuleSet.of(
        Arrays.stream(ips)
            .map(
                ip -> new Endpoint(ip, "d/p", Optional.empty(), Optional.empty(), Optional.empty()))
            .toList());
  }

  private static Plan narrowing(IpAddress... ips) {
    return new Plan(List.of(), Optional.empty(), new TreeSet<>(Set.of(ips)));
  }

  @Test
  void thoseNarrowedSinceTheLookBeganStay() {
    narrowed.committed(narrowing(A), endpoints(A, B, C));
    clock.set(200);
    narrowed.committed(narrowing(B), endpoints(A, B, C));
    narrowed.looked(Set.of());
    assertThat(narrowed.left(150)).containsExactly(B);
    assertThat(narrowed.left(201)).isEmpty();
    assertThat(narrowed.left(100)).containsExactly(A, B);
  }

  @Test
  void whileAnyStaysSoDoEndsOfCutConnections() {
    narrowed.committed(narrowing(A, C), endpoints(A, B, C));
    clock.set(200);
    narrowed.committed(narrowing(B), endpoints(A, B, C));
    narrowed.looked(Set.of(A));
    assertThat(narrowed.left(150)).containsExactly(A, B);
    assertThat(narrowed.left(300)).isEmpty();
  }

  @Test
  void whoIsNarrowedAgainStaysAndWhoGoesDoesNot() {
    narrowed.committed(narrowing(A, B), endpoints(A, B, C));
    clock.set(200);
    narrowed.committed(narrowing(A), endpoints(A, C));
    narrowed.looked(Set.of());
    assertThat(narrowed.left(150)).containsExactly(A);
    assertThat(narrowed.state().narrowed()).containsExactly(A);
    narrowed.stayed(narrowed.left(150));
    assertThat(narrowed.left(201)).isEmpty();
  }

  @Test
  void onlyWhatWasFoundFirstIsAnEarlierAgents() {
    narrowed.found(new TreeSet<>(Set.of(C)));
    narrowed.found(new TreeSet<>(Set.of(A, B)));
    assertThat(narrowed.state().narrowed()).containsExactly(C);
    assertThat(narrowed.state().cut()).isEmpty();
  }
}
