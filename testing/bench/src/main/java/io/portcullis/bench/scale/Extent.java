package io.portcullis.bench.scale;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param events one after another, for their latency
 * @param storm events as fast as they can be written
 * @param kills of one of two compilers
 * @param agents consumers that restore at once
 * @param followed nodes whose topics are read all the time, each by a consumer of its own
 */
public record Extent(
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

  /** All of it, at that size. */
  public static Extent whole(int nodes, int pods, int kills) {
    var heap = pods > 20_000 ? "3g" : "1g";
    return new Extent(
        nodes, pods, 300, 20_000, kills, nodes, 50, Duration.ofMillis(100), heap, "1500m");
  }

  /** Shows in a minute that it works. */
  public static Extent quick() {
    return new Extent(40, 400, 20, 400, 1, 40, 10, Duration.ofMillis(20), "256m", "256m");
  }
}
