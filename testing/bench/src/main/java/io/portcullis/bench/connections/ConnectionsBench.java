package io.portcullis.bench.connections;

import io.portcullis.agent.connections.LiveConnections;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.Nft;
import io.portcullis.agent.netlink.Conntrack;
import io.portcullis.agent.program.LiveState;
import io.portcullis.agent.program.Plan;
import io.portcullis.agent.program.StepName;
import io.portcullis.agent.program.Tables;
import io.portcullis.bench.figures.BenchOutput;
import io.portcullis.bench.figures.Figure;
import io.portcullis.bench.network.Route;
import io.portcullis.bench.rules.NarrowingPair;
import io.portcullis.json.Json;
import io.portcullis.nft.CutMark;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Forbids and allows live connections while packets flow over them in both directions, and counts
 * those that pass after the step that forbids them.
 */
public final class ConnectionsBench {
  private static final int DENIED_CLIENTS = 40;
  private static final long FLOW_MILLIS = 400;

  /** Counts what passes; a rule that the step adds marks what is judged after it. */
  private static final String COUNTERS =
      """
      table inet measured
      delete table inet measured
      table inet measured {
        counter denied_to { }
        counter denied_from { }
        counter tcp_to { }
        counter tcp_from { }
        counter kept_come { }
        counter kept_passed { }
        chain judged { }
        chain first {
          type filter hook forward priority -5; policy accept;
          jump judged
          meta l4proto tcp ip saddr 10.244.1.2-10.244.1.%2$d counter name tcp_to
          meta l4proto tcp ip daddr 10.244.1.2-10.244.1.%2$d counter name tcp_from
          ip saddr 10.244.1.%1$d-10.244.1.255 counter name kept_come
          ip daddr 10.244.1.%1$d-10.244.1.255 counter name kept_come
        }
        chain last {
          type filter hook forward priority 5; policy accept;
          ip saddr 10.244.1.%1$d-10.244.1.255 counter name kept_passed
          ip daddr 10.244.1.%1$d-10.244.1.255 counter name kept_passed
          meta mark 1 ip saddr 10.244.1.2-10.244.1.%2$d counter name denied_to
          meta mark 1 ip daddr 10.244.1.2-10.244.1.%2$d counter name denied_from
        }
      }
      """
          .formatted(2 + DENIED_CLIENTS, 1 + DENIED_CLIENTS);

  private static final String MARK = "add rule inet measured judged meta mark set 1\n";
  private static final String MARK_NO_MORE = "flush chain inet measured judged\n";

  private final Route route;
  private final Nft nft;
  private final BenchOutput output;
  private LiveState live = LiveState.NONE;
  private long version;
  private long leaked;
  private long total;
  private long lost;
  private long ofTcp;
  private final List<Double> cpuMillis = new ArrayList<>();
  private final List<Double> nftMillis = new ArrayList<>();

  public ConnectionsBench(Route route, Nft nft, BenchOutput output) {
    this.route = route;
    this.nft = nft;
    this.output = output;
  }

  /**
   * Measures.
   *
   * @param entries how many connections the kernel tracks
   * @param toCut how many of them the versions forbid and allow
   * @return whether no packet passed that the version in force denies
   */
  public boolean run(int entries, int toCut, int rounds) throws Exception {
    var each = toCut / DENIED_CLIENTS;
    route.router().call(() -> fill(entries, toCut, each));
    output.figure(Figure.count("connections.entries", entries, "connections"));
    output.figure(Figure.count("connections.denied", toCut, "connections"));
    output.figure(Figure.count("connections.tcp", Route.CLIENTS * TcpFlows.EACH, "connections"));
    for (var pair : NarrowingPair.values()) {
      run(pair, each, rounds);
    }
    return total == 0;
  }

  private static Void fill(int entries, int toCut, int each) throws Exception {
    for (var setting : Set.of("nf_conntrack_udp_timeout", "nf_conntrack_udp_timeout_stream")) {
      Files.writeString(Path.of("/proc/sys/net/netfilter", setting), "600\n");
    }
    TrackedFlows.make(0, DENIED_CLIENTS, each);
    var others = Route.CLIENTS - DENIED_CLIENTS;
    TrackedFlows.make(DENIED_CLIENTS, Route.CLIENTS, (entries - toCut) / others);
    return null;
  }

  private void run(NarrowingPair pair, int each, int rounds) throws Exception {
    var name = "connections." + pair.name().toLowerCase(Locale.ROOT) + ".";
    leaked = 0;
    lost = 0;
    ofTcp = 0;
    cpuMillis.clear();
    nftMillis.clear();
    begin(pair.open());
    try (var connections =
            route
                .router()
                .call(() -> new LiveConnections(Conntrack.open(CutMark.DEFAULT), Set::of));
        var _ = BothWays.begin(route, each);
        var _ = TcpFlows.begin(route)) {
      connections.enforced(pair.open());
      while (connections.settled().isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(FLOW_MILLIS);
      }
      output.figure(new Figure(name + "look", cpuOf("connections") / 1e6, "ms"));
      for (var round = 0; round < rounds; round++) {
        output.progress(name + "round " + round);
        round(pair, connections);
      }
    }
    output.figure(Figure.count(name + "leaked", leaked, "packets"));
    output.figure(Figure.count(name + "lost", lost, "packets"));
    output.figure(Figure.count(name + "of_tcp", ofTcp, "packets"));
    output.figure(new Figure(name + "cpu", median(cpuMillis), "ms"));
    output.figure(new Figure(name + "cpu.nft", median(nftMillis), "ms"));
    total += leaked;
  }

  private void begin(RuleSet open) throws Exception {
    nft.run(NftRenderer.remove(NftRenderer.TABLE));
    new Kernel(nft).carryOut(Plan.toHold(open, stamp(open), Tables.NONE));
    live = LiveState.NONE;
  }

  private void round(NarrowingPair pair, LiveConnections connections) throws Exception {
    var open = pair.open();
    var narrow = pair.narrow(DENIED_CLIENTS);
    nft.run(COUNTERS);
    TimeUnit.MILLISECONDS.sleep(FLOW_MILLIS);
    var tcp = tcpOfBothEnds();
    change(open, narrow, connections);
    TimeUnit.MILLISECONDS.sleep(FLOW_MILLIS);
    leaked += counter("denied_to") + counter("denied_from");
    change(narrow, open, connections);
    TimeUnit.MILLISECONDS.sleep(FLOW_MILLIS);
    if (counter("denied_to") == 0 || counter("denied_from") == 0) {
      throw new IllegalStateException("connections that are allowed again did not go on");
    }
    ofTcp += tcp;
    lost += Math.max(0, counter("kept_come") - counter("kept_passed") - 2); // under way
    // a packet that meets the old chains first and the new ones last would count as one that leaked
    nft.run(MARK_NO_MORE);
    TimeUnit.MILLISECONDS.sleep(FLOW_MILLIS);
  }

  /** Makes a change as the agent does, and marks what is judged after its step that restricts. */
  private void change(RuleSet before, RuleSet after, LiveConnections connections) throws Exception {
    var change = RuleSetChange.between(before, after); // an agent has both of the version itself
    var stamp = stamp(after);
    var begun = cpu();
    var plan = Plan.toNext(before, after, change, stamp, live).orElseThrow();
    var steps = plan.steps().stream().map(ConnectionsBench::marking).toList();
    var planned = cpu();
    new Kernel(nft).carryOut(new Plan(steps, plan.undo(), plan.narrowed()));
    var programmed = cpu();
    live = live.after(plan.narrowed(), after);
    connections.enforced(before, after, plan.narrowed());
    cpuMillis.add((cpu() - begun) / 1e6);
    nftMillis.add((programmed - planned) / 1e6);
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static Plan.Step marking(Plan.Step step) {
    return step.name() == StepName.RESTRICT
        ? new Plan.Step(step.name(), step.transaction() + MARK)
        : step;
  }

  private Stamp stamp(RuleSet rules) {
    return new Stamp(++version, "A".repeat(22), rules.digest().hex(), 1);
  }

  /** Returns how many packets of TCP both ends of connections that will be forbidden have sent. */
  private long tcpOfBothEnds() throws Exception {
    var to = counter("tcp_to");
    var from = counter("tcp_from");
    if (to == 0 || from == 0) {
      throw new IllegalStateException("connections of TCP do not go on");
    }
    return to + from;
  }

  private static double median(List<Double> all) {
    return all.stream().sorted().skip(all.size() / 2).findFirst().orElseThrow();
  }

  private static long cpuOf(String thread) {
    var threads = ManagementFactory.getThreadMXBean();
    for (var id : threads.getAllThreadIds()) {
      var info = threads.getThreadInfo(id);
      if (info != null && info.getThreadName().equals(thread)) {
        return threads.getThreadCpuTime(id);
      }
    }
    throw new IllegalStateException("no thread " + thread);
  }

  private long counter(String name) throws Exception {
    var listing = nft.list("list counter inet measured " + name, Nft.Format.JSON);
    return Json.mapper().readTree(listing).findValue("packets").asLong();
  }
}
