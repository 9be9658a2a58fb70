package io.portcullis.cli;

import io.portcullis.policy.reach.Level;
import picocli.CommandLine.Option;

/** The option {@code --by}. */
final class LevelOption {
  @Option(
      names = "--by",
      paramLabel = "pod|workload|namespace",
      defaultValue = "workload",
      description = "What pods are taken together; by default workloads.")
  private Level level;

  Level level() {
    return level;
  }
}
