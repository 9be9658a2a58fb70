package io.portcullis.agent.host;

import io.portcullis.agent.links.Network;
import io.portcullis.net.Family;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the machine, in one network namespace.
 *
 * @param kernel its release
 * @param nft the release of nft or of its library; none where it does not answer
 * @param bridgedSeen the families whose packets on a bridge are shown to the forward hook
 * @param connections what the kernel tracks
 * @param others base chains of other tables at the forward hook; none where they cannot be listed
 */
public record HostFacts(
    String kernel,
    Optional<String> nft,
    Network network,
    Set<Family> bridgedSeen,
    Tracking connections,
    Optional<List<ForwardChain>> others) {

  /** Of which protocols connections are tracked. */
  public enum Tracking {
    /** Nothing is tracked yet, so nobody can say. */
    UNKNOWN,
    ALL,
    ALL_BUT_SCTP
  }

  /**
   * A base chain that packets between pods pass beside ours.
   *
   * @param name family, table and chain
   * @param dropsRest its policy is drop
   * @param drops a rule of it drops; rules of chains that it jumps to are not looked at
   */
  public record ForwardChain(String name, int priority, boolean dropsRest, boolean drops) {}
}
