package io.portcullis.ruleset;

import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import java.util.function.Consumer;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/** The records of a rule set in one persistent map for each kind; sets hold their members. */
record RecordMaps(
    PMap<SetId, SetContent> sets,
    PMap<ChainId, Chain> chains,
    PMap<IpAddress, Endpoint> endpoints,
    PMap<IpRange, PodCidr> podCidrs) {
  static final RecordMaps EMPTY =
      new RecordMaps(
          HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());

  void forEach(Consumer<NodeRecord> use) {
    sets.values().forEach(set -> set.forEachRecord(use));
    forEachButSets(use);
  }

  void forEachButSets(Consumer<NodeRecord> use) {
    chains.values().forEach(use);
    endpoints.values().forEach(use);
    podCidrs.values().forEach(use);
  }

  /** Returns the number of records. */
  int size() {
    return sets.values().stream().mapToInt(SetContent::size).sum()
        + chains.size()
        + endpoints.size()
        + podCidrs.size();
  }

  Digest digest() {
    return Digest.of(this::forEachButSets)
        .plus(sets.values().stream().map(SetContent::digest).toList());
  }
}
