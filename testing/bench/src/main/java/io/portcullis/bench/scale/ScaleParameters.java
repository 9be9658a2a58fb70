package io.portcullis.bench.scale;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param nodes how many nodes the cluster has
 * @param pods how many pods the cluster has
 * @param events how many events are sent one after another, for their latency
 * @param storm how many events are sent as fast as they can be written
 * @param kills how often one of two compilers is killed
 * @param agents how many consumers restore at once
 * @param followed how many nodes' topics are read all the time, each by a consumer of its own
 * @param betweenEvents the pause between events
 * @param compilerHeap the heap of a compiler
 * @param brokerHeap the heap of the broker
 */
public record ScaleParameters(
    int nodes,
    int pods,
    int events,
    int storm,
    int kills,
    int agents,
    int followed,
    Duration betweenEvents,
    String compilerHeap,
    String brokerHeap) {

  /** Returns the parameters of the full benchmark, for a cluster of that size. */
  public static ScaleParameters whole(int nodes, int pods, int kills) {
    var heap = pods > 20_000 ? "3g" : "1g";
    return new ScaleParameters(
        nodes, pods, 300, 20_000, kills, nodes, 50, Duration.ofMillis(100), heap, "1500m");
  }

  /** Returns the parameters of a run that shows in a minute that the benchmark works. */
  public static ScaleParameters quick() {
    return new ScaleParameters(40, 400, 20, 400, 1, 40, 10, Duration.ofMillis(20), "256m", "256m");
  }
}
