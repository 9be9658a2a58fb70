package io.portcullis.agent.host;

import io.portcullis.agent.links.Network;
import io.portcullis.net.Family;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the machine and of one of its network namespaces.
 *
 * @param kernel its release
 * @param nft the release of nft or of its library; none where it does not answer
 * @param bridgedSeen the families whose packets on a bridge are shown to the forward hook
 * @param connections what the kernel tracks
 * @param others base chains of other tables at the forward hook; none where they cannot be listed
 * @param flowtables names of flowtables of any table; none where they cannot be listed
 */
public record HostFacts(
    String kernel,
    Optional<String> nft,
    Network network,
    Set<Family> bridgedSeen,
    Tracking connections,
    Optional<List<ForwardChain>> others,
    Optional<List<String>> flowtables) {

  /** The protocols whose connections the kernel tracks. */
  public enum Tracking {
    /** The kernel does not track connections yet. */
    UNKNOWN,
    ALL,
    ALL_BUT_SCTP
  }

  /**
   * A base chain of another table that packets between pods pass, too.
   *
   * @param name family, table and chain
   * @param dropsRest its policy is drop
   * @param drops a rule of it drops; rules of chains that it jumps to are not looked at
   */
  public record ForwardChain(String name, int priority, boolean dropsRest, boolean drops) {}
}
