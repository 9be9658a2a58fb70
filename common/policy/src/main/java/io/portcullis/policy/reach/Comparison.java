package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import io.portcullis.net.Flow;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Tells whether what nodes hold in two snapshots decides every flow alike. */
public final class Comparison {
  private Comparison() {}

  /**
   * A flow that is decided differently.
   *
   * @param throughService whether the pod reaches itself through a service (A12), so that both ends
   *     are its address
   */
  public record Difference(Flow flow, boolean throughService, boolean allowed, boolean after) {}

  /** Returns the first flow that the two decide differently; absent where there is none. */
  public static Optional<Difference> first(Snapshot one, Snapshot other) {
    for (var family : Family.values()) {
      var space = new PeerSpace(family, List.of(one, other), List.of());
      var found =
          new Pairs(space, new Reachability(space, one), new Reachability(space, other)).first();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** The pairs of addresses of one family. */
  private record Pairs(PeerSpace space, Reachability one, Reachability other) {

    Optional<Difference> first() {
      var candidates = new Candidates(one, other, new Sameness(one.snapshot(), other.snapshot()));
      for (var pair : candidates.pairs().entrySet()) {
        for (int destination : pair.getValue()) {
          var found = between(space.classes().get(pair.getKey()), space.classes().get(destination));
          if (found.isPresent()) {
            return found;
          }
        }
      }
      for (int pods : candidates.changed()) {
        var found = own((PeerClass.Known) space.classes().get(pods));
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }

    private Optional<Difference> between(PeerClass source, PeerClass destination) {
      if (different(one.parts(source, destination), other.parts(source, destination)).isEmpty()) {
        return Optional.empty();
      }
      for (var from : source.some()) {
        for (var to : destination.some()) {
          var ports = different(one.parts(from, to), other.parts(from, to));
          if (!ports.isEmpty()) {
            return Optional.of(found(new Flow(from, to, ports.first()), false));
          }
        }
      }
      return Optional.empty();
    }

    private Optional<Difference> own(PeerClass.Known pods) {
      var looped = different(one.throughService(pods), other.throughService(pods));
      if (!looped.isEmpty()) {
        var address = pods.first();
        return Optional.of(found(new Flow(address, address, looped.first()), true));
      }
      for (var address : pods.addresses()) {
        var nodes =
            one.snapshot().pod(address).map(one.snapshot()::ownNode).stream()
                .flatMap(Collection::stream)
                .filter(node -> node.family() == space.family())
                .toList();
        for (var node : nodes) {
          var ports = different(one.parts(address, node), other.parts(address, node));
          if (!ports.isEmpty()) {
            return Optional.of(found(new Flow(address, node, ports.first()), false));
          }
        }
      }
      return Optional.empty();
    }

    private Difference found(Flow flow, boolean throughService) {
      return new Difference(
          flow,
          throughService,
          allows(one, flow, throughService),
          allows(other, flow, throughService));
    }

    private static boolean allows(Reachability engine, Flow flow, boolean throughService) {
      var parts =
          throughService
              ? engine.throughService(flow.source())
              : engine.parts(flow.source(), flow.destination());
      return Reachability.allowed(parts).contains(flow.port());
    }

    private static PortSet different(List<Part> parts, List<Part> others) {
      var allowed = Reachability.allowed(parts);
      var also = Reachability.allowed(others);
      return allowed.minus(also).or(also.minus(allowed));
    }
  }
}
