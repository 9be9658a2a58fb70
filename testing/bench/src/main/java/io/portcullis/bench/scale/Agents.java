package io.portcullis.bench.scale;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Consumers that restore a node's topic each, as agents do that start at the same time. */
final class Agents implements AutoCloseable {
  private static final int OF_A_PROCESS = 2_000;

  private final List<Process> processes = new ArrayList<>();

  /** Starts the agents of the first nodes. */
  Agents(ScaleProcesses scale, int nodes) throws IOException {
    for (var from = 0; from < nodes; from += OF_A_PROCESS) {
      processes.add(scale.startAgents(from, Math.min(nodes, from + OF_A_PROCESS)));
    }
  }

  /**
   * Tells whether each has read its topic to the end.
   *
   * @throws IOException if one could not
   */
  boolean restored() throws IOException {
    var restored = 0;
    for (var process : processes) {
      if (!process.isAlive()) {
        throw new IOException("a process of agents ended; its log says why");
      }
      restored += process.inputReader().ready() ? 1 : 0;
    }
    return restored == processes.size();
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
  }
}
