package io.portcullis.bench.scale;

import java.time.Duration;

/**
 * How much is measured under overload.
 *
 * @param nodes how many nodes the cluster has
 * @param pods how many pods the cluster has
 * @param storm how many events warm the programs up
 * @param atARate how long each rate is offered to find what the slowed broker takes
 * @param normal how long it is offered less than that
 * @param overload how long it is offered more than that
 */
public record OverloadParameters(
    int nodes, int pods, int storm, Duration atARate, Duration normal, Duration overload) {

  /** Returns the parameters of the full benchmark. */
  public static OverloadParameters whole() {
    return new OverloadParameters(
        200, 6_000, 1_000, Duration.ofSeconds(5), Duration.ofSeconds(40), Duration.ofMinutes(2));
  }

  /** Returns the parameters of a run that shows in a minute that the benchmark works. */
  public static OverloadParameters quick() {
    return new OverloadParameters(
        40, 400, 100, Duration.ofMillis(200), Duration.ofSeconds(3), Duration.ofSeconds(3));
  }
}
