package io.portcullis.ruleset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.portcullis.net.Flow;
import io.portcullis.net.PortRange;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The protocols and ports that a rule matches: disjoint ranges in order. No range means any
 * protocol, ICMP too (N5).
 */
public record Ports(@JsonValue List<PortRange> ranges) {
  public static final Ports ANY = new Ports(List.of());

  public Ports {
    ranges = PortRange.merge(ranges);
  }

  @JsonCreator
  public static Ports of(Collection<PortRange> ranges) {
    return new Ports(List.copyOf(ranges));
  }

  public boolean any() {
    return ranges.isEmpty();
  }

  public boolean matches(Optional<Flow.Port> port) {
    return any()
        || port.filter(
                p -> ranges.stream().anyMatch(range -> range.contains(p.protocol(), p.number())))
            .isPresent();
  }
}
