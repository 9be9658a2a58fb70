package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import io.portcullis.policy.reach.Census.Resident;
import io.portcullis.policy.reach.Rectangles.Rectangle;
import io.portcullis.policy.reach.Row.Effect;
import io.portcullis.policy.reach.Row.Reasons;
import io.portcullis.policy.rules.PodChains;
import io.portcullis.ruleset.TrafficPath;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.roaringbitmap.RoaringBitmap;

/**
 * A rectangle of classes in words of parties.
 *
 * @param index the parties in the classes
 */
record RectangleGroup(Rectangle rectangle, PartyIndex index, Reachability was, Reachability is)
    implements RowGroup {
  /** How many different chains are asked for what decides. */
  private static final int MOST_ASKED = 16;

  @Override
  public Effect effect() {
    return rectangle.effect();
  }

  @Override
  public Family family() {
    return is.space().family();
  }

  @Override
  public PortSet ports() {
    return rectangle.ports();
  }

  @Override
  public Side sources() {
    return index.side(rectangle.sources());
  }

  @Override
  public Side destinations() {
    return index.side(rectangle.destinations());
  }

  @Override
  public boolean has(Party source, Party destination) {
    if (source instanceof Party.Outside) {
      return !(destination instanceof Party.Outside);
    }
    if (destination instanceof Party.Outside) {
      return true;
    }
    var receiving = index.residents(destination, rectangle.destinations());
    return index.residents(source, rectangle.sources()).stream()
        .anyMatch(one -> receiving.stream().anyMatch(other -> areApart(one, other)));
  }

  /** Tells whether the two are neither the same nor a pod and its own node (T4, T5). */
  private boolean areApart(Resident one, Resident other) {
    return !one.address().equals(other.address())
        && (one.pod().isPresent() || other.pod().isPresent())
        && !is.snapshot().isOwnNode(one.address(), other.address())
        && !is.snapshot().isOwnNode(other.address(), one.address());
  }

  @Override
  public Reasons now() {
    return reasons(is, effect() == Effect.CLOSED ? denies() : Decider::allows);
  }

  @Override
  public Reasons before() {
    return reasons(was, effect() == Effect.CLOSED ? Decider::allows : denies());
  }

  private static Predicate<Decider> denies() {
    return decider -> !decider.allows();
  }

  /** Where one end denies, what the other end would allow explains nothing. */
  private Reasons reasons(Reachability engine, Predicate<Decider> explains) {
    return new Reasons(
        deciders(
            engine, TrafficPath.EGRESS, rectangle.sources(), rectangle.destinations(), explains),
        deciders(
            engine, TrafficPath.INGRESS, rectangle.destinations(), rectangle.sources(), explains));
  }

  private List<Decider> deciders(
      Reachability engine,
      TrafficPath path,
      RoaringBitmap ends,
      RoaringBitmap peers,
      Predicate<Decider> explains) {
    var found = new TreeSet<Decider>();
    var chains = new HashSet<Optional<PodChains>>();
    for (int end : ends) {
      var address = engine.space().classes().get(end).first();
      if (chains.add(engine.snapshot().chains(address))) {
        for (var slot : engine.verdicts(address, path).slots()) {
          if (!PortSet.between(slot.from(), slot.end()).and(ports()).isEmpty()) {
            slot.shares().stream()
                .filter(share -> explains.test(share.decider()))
                .filter(share -> RoaringBitmap.intersects(share.peers(), peers))
                .forEach(share -> found.add(share.decider()));
          }
        }
      }
      if (chains.size() == MOST_ASKED) {
        break;
      }
    }
    return List.copyOf(found);
  }
}
