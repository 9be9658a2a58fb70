package io.portcullis.lab;

import io.portcullis.lab.network.Topology;
import io.portcullis.lab.process.Supervisor;
import io.portcullis.lab.state.StateDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Boots the nodes of a lab and cuts the power of all of its programs. */
public final class Power {
  private final Supervisor supervisor;
  private final StateDirectory state;
  private final ManifestFollower manifests;

  Power(Supervisor supervisor, StateDirectory state, ManifestFollower manifests) {
    this.supervisor = supervisor;
    this.state = state;
    this.manifests = manifests;
  }

  /** Lets a node have booted: its agent finds another boot id when it starts the next time. */
  public void boot(String node) throws IOException {
    state.boot(node);
  }

  /**
   * Kills all programs at once, the API server too.
   *
   * @param away how long each program is away, by its name
   */
  public void cut(Function<String, Duration> away) {
    supervisor.cutPower(away);
  }

  /**
   * Gives pods other addresses soon, as their nodes do after a boot. Where the lab has an API
   * server, these are reported to it when it answers.
   */
  public void move(List<Topology.Pod> pods) {
    manifests.move(pods);
  }
}
