package io.portcullis.policy.grouping;

import io.portcullis.net.IpAddress;

/** Hears what a change of the cluster did to classes and groups. */
public interface GroupListener {

  /** The policies for these pods may be other ones, though their groups are the same or all new. */
  void policiesMayDiffer(PodClass pods);

  /** A class of pods came to a group or left it. */
  void moved(PodClass pods, PodGroup group);

  /** An address came to a group of nodes or left it. */
  void moved(IpAddress node, NodeGroup group);
}
