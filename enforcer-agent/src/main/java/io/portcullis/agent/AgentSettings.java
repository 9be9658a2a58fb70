package io.portcullis.agent;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The settings of the agent that an operator may set. */
@ConfigMapping(prefix = "portcullis")
public interface AgentSettings {

  /** The name of the agent's node, as Kubernetes has it. */
  String nodeName();

  /** How the agent reaches nftables: {@code library}, {@code program}, or {@code auto}. */
  @WithDefault("auto")
  String nft();

  /** Whether pods may send with their own addresses only (T14): {@code true} or {@code false}. */
  @WithDefault("true")
  boolean spoofGuard();

  /**
   * The bit of a connection's mark that says that the connection is cut (C2). Choose another one if
   * another program on the node uses this one.
   */
  @WithDefault("0x04000000")
  String cutMark();

  /**
   * How many denied packets are told one by one per second, in each direction and address family; 0
   * for none.
   */
  @WithDefault("5")
  int deniedSample();

  Hits hits();

  /** The counters of policies' rules. */
  interface Hits {
    /** How many rules have a series of their own among the metrics; the others are added up. */
    @WithDefault("300")
    int series();
  }

  /**
   * What happens to pods that are not known yet (C1): {@code isolate}, {@code strict} or {@code
   * off}.
   */
  @WithDefault("isolate")
  String guard();

  /**
   * How long unknown pods stay closed without a heartbeat from the watcher, if the guard is {@code
   * isolate}.
   */
  @WithDefault("5m")
  Duration guardOpenAfter();

  /**
   * The links over which unknown pods are guarded, whatever their addresses: names, of which a last
   * {@code *} stands for any rest. Pods on a bridge are guarded by the pod CIDRs of their node.
   */
  @WithDefault("cali*,lxc*,eni*,veth*")
  Optional<List<String>> guardLinks();

  /**
   * Namespaces whose pods pass the guard as soon as the node's container runtime knows them (C1):
   * those of DNS, of Kafka, and of what else must be there before policies can be read.
   */
  @WithDefault("kube-system")
  Optional<Set<String>> exemptNamespaces();

  Cni cni();

  /** What the node's container runtime notes of pods. */
  interface Cni {
    /**
     * The directory in which the runtime keeps the results of CNI plugins (libcni's result cache).
     * If it is set to nothing, no pod passes the guard before a version knows it.
     */
    @WithDefault("/var/lib/cni/results")
    Optional<Path> results();

    /** The directory that has the network namespaces of pods. */
    @WithDefault("/run/netns")
    Path netns();
  }

  /**
   * The directory on the node's disk that keeps what is enforced, for a start without Kafka and for
   * the node's boot.
   */
  @WithDefault("/var/lib/portcullis")
  Path state();

  /** The file in which the kernel tells the id of its last boot. */
  @WithDefault("/proc/sys/kernel/random/boot_id")
  Path bootId();

  /** On how many brokers a new topic is kept; the brokers' default unless set. */
  Optional<Short> topicReplication();

  History history();

  /** The log of enforced versions. */
  interface History {
    /** How long the agent's answers are kept beside the newest one. */
    @WithDefault("7d")
    Duration window();
  }
}
