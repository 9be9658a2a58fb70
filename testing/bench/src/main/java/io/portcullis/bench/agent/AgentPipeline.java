package io.portcullis.bench.agent;

import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.program.LiveState;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.Tables;
import io.portcullis.agent.version.Entry;
import io.portcullis.agent.version.Version;
import io.portcullis.agent.version.VersionOutcome;
import io.portcullis.agent.version.VersionReader;
import io.portcullis.json.Json;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Turns the records of a node into transactions, as an agent does, without the topic that they come
 * from.
 */
final class AgentPipeline {
  private static final String TOPIC = "A".repeat(22);

  private final VersionReader reader = new VersionReader(Optional.empty());
  private RuleSet held = RuleSet.EMPTY;
  private LiveState live = LiveState.NONE;
  private Stamp heldAs = new Stamp(0, TOPIC, RuleSet.EMPTY.digest().hex(), 0);
  private long number;

  /** The durations of the parts, in nanoseconds. */
  record Took(long verify, long render, long nft) {
    long micros() {
      return (verify + render + nft) / 1_000;
    }
  }

  /** Loads the first version into an empty kernel. */
  Took first(Map<String, byte[]> records, Kernel kernel) throws NftException {
    var begun = System.nanoTime();
    var version = verified(reader.restored(TOPIC, records));
    var verified = System.nanoTime();
    var plan = Plan.toHold(version.rules(), stamp(version), Tables.NONE);
    return carryOut(version, plan, kernel, begun, verified);
  }

  /** Loads the next version. */
  Took next(List<Entry> entries, Kernel kernel) throws NftException {
    var begun = System.nanoTime();
    var version = verified(reader.changed(entries));
    var verified = System.nanoTime();
    return carryOut(version, plan(version), kernel, begun, verified);
  }

  /** Plans as if nobody else has changed the table, so that the kernel need not be read back. */
  private Plan plan(Version version) {
    if (held.digest().equals(version.rules().digest())) {
      return Plan.toHold(version.rules(), stamp(version), Tables.holding(heldAs));
    }
    return Plan.toNext(held, version.rules(), version.changeOf(held), stamp(version), live)
        .orElseThrow();
  }

  private Took carryOut(Version version, Plan plan, Kernel kernel, long begun, long verified)
      throws NftException {
    var rendered = System.nanoTime();
    kernel.carryOut(plan);
    var committed = System.nanoTime();
    held = version.rules();
    live = plan.isOfNewTable() ? LiveState.NONE : live.after(plan.narrowed(), held);
    heldAs = stamp(version);
    return new Took(verified - begun, rendered - verified, committed - rendered);
  }

  private static Version verified(VersionOutcome outcome) {
    if (outcome instanceof VersionOutcome.Verified(var version)) {
      return version;
    }
    throw new IllegalStateException("no version: " + outcome);
  }

  private static Stamp stamp(Version version) {
    var marker = version.marker();
    return new Stamp(
        marker.number(), marker.topicId(), marker.digest(), System.currentTimeMillis() * 1_000);
  }

  /** Returns all records of a rule set, as its topic holds them. */
  Map<String, byte[]> records(RuleSet rules) {
    return records(rules, rules.digest().hex());
  }

  Map<String, byte[]> records(RuleSet rules, String digest) {
    var records = new TreeMap<String, byte[]>();
    rules.records().forEach((key, item) -> records.put(key, NodeRecords.bytes(item)));
    records.put(Marker.KEY, marker(digest, rules.size()));
    return records;
  }

  /** Returns the records of the next version, as a reader of the topic gets them. */
  List<Entry> entries(RuleSet after, RuleSetChange change) {
    return entries(
        after.digest().hex(), after.size(), change.puts().values(), change.removals().keySet());
  }

  List<Entry> entries(
      String digest, int size, Iterable<NodeRecord> puts, Iterable<String> removals) {
    var entries = new ArrayList<Entry>();
    puts.forEach(item -> entries.add(new Entry(item.key(), Optional.of(NodeRecords.bytes(item)))));
    removals.forEach(key -> entries.add(new Entry(key, Optional.empty())));
    entries.add(new Entry(Marker.KEY, Optional.of(marker(digest, size))));
    return entries;
  }

  private byte[] marker(String digest, int records) {
    var cause = new Marker.Cause("core/Pod/bench/pod", "bench", 1, 2, false);
    return Json.bytes(
        new Marker(
            ++number,
            new Marker.Content(digest, records, TOPIC),
            new Marker.Compilation(
                new Marker.ClusterPosition(TOPIC, number),
                new Marker.Shard(3, 32),
                3,
                List.of(cause),
                "bench")));
  }
}
