package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import io.portcullis.net.IpRange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * The question how many pods of each namespace reach how many of each other one.
 *
 * @param ports the ports that are asked about; one of them that is open is enough
 */
public record CountQuery(Ends from, Ends to, PortSet ports) {

  /**
   * Uses the count of each two namespaces between which a pair is open, in the order of families,
   * destinations and sources.
   */
  public void forEach(Snapshot snapshot, Consumer<PodCount> use) {
    var networks = new ArrayList<IpRange>(from.networks());
    networks.addAll(to.networks());
    for (var family : Family.values()) {
      var space = new PeerSpace(family, List.of(snapshot), networks);
      var pods = new NamespacePods(space, snapshot, from, to);
      var engine = new Reachability(space, snapshot);
      new FlowMatrix(engine, engine, ports, pods.sources(), pods.destinations())
          .forEach(
              open -> !open.now().isEmpty(),
              (destinations, column) -> {
                var sources = new RoaringBitmap();
                column.values().forEach(sources::or);
                pods.add(sources, destinations);
              });
      pods.forEach(use);
    }
  }
}
