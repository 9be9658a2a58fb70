package io.portcullis.policy.reach;

import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import java.util.List;

/** Addresses of one family that no chain and no set tells apart. */
sealed interface PeerClass {

  /** Returns the number of the class among all of its family. */
  int index();

  /** Returns one of the addresses. */
  IpAddress first();

  /** Returns addresses of the class: all of pods and nodes, one of networks. */
  List<IpAddress> some();

  /** Single addresses, of pods or of nodes. */
  record Known(int index, List<IpAddress> addresses) implements PeerClass {
    @Override
    public IpAddress first() {
      return addresses.getFirst();
    }

    @Override
    public List<IpAddress> some() {
      return addresses;
    }
  }

  /**
   * All other addresses of some ranges.
   *
   * @param first one that belongs to no pod and to no node
   */
  record Outside(int index, IpAddress first, List<IpRange> ranges) implements PeerClass {
    @Override
    public List<IpAddress> some() {
      return List.of(first);
    }
  }
}
