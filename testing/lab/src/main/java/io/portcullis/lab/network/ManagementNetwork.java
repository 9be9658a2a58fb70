package io.portcullis.lab.network;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The addresses of the management network: one /24 of 169.254.96.0/19, link-local addresses that
 * neither manifests nor clouds' metadata servers use.
 *
 * @param block the number of the /24, 0–31; the link in the starting namespace is named by it, so
 *     that two labs cannot take the same
 */
public record ManagementNetwork(int block) {
  static final int BLOCKS = 32;

  private static final int KAFKA = 2;
  private static final int FIRST_WATCHER = 3;
  private static final int FIRST_COMPILER = 10;
  private static final int API_SERVER = 39;
  private static final int FIRST_NODE = 40;
  private static final int LAST_NODE = 250;

  /** The largest number of watchers that have an address; compilers have a limit of their own. */
  public static final int MAX_WATCHERS = FIRST_COMPILER - FIRST_WATCHER;

  public static final int MAX_COMPILERS = API_SERVER - FIRST_COMPILER;
  public static final int MAX_NODES = LAST_NODE + 1 - FIRST_NODE;

  public ManagementNetwork {
    if (block < 0 || block >= BLOCKS) {
      throw new IllegalArgumentException("not a block of the management network: " + block);
    }
  }

  /** Returns the name of the link in the namespace that the lab was started in. */
  String link() {
    return "pclab" + block;
  }

  String network() {
    return address(0) + "/24";
  }

  /** Returns the address of the lab itself. */
  String lab() {
    return address(1);
  }

  public String kafka() {
    return address(KAFKA);
  }

  /** Returns the address of the API server and its etcd. */
  public String apiServer() {
    return address(API_SERVER);
  }

  /**
   * Returns the address of a watcher.
   *
   * @param index the number of the watcher, from 0
   */
  public String watcher(int index) {
    return numbered("watchers", FIRST_WATCHER, index, MAX_WATCHERS);
  }

  /**
   * Returns the address of a compiler.
   *
   * @param index the number of the compiler, from 0
   */
  public String compiler(int index) {
    return numbered("compilers", FIRST_COMPILER, index, MAX_COMPILERS);
  }

  /**
   * Returns the address that a node's agent listens on.
   *
   * @param index the number of the node in the lab, from 0
   */
  public String node(int index) {
    return numbered("nodes", FIRST_NODE, index, MAX_NODES);
  }

  /**
   * Returns the addresses of Kafka, the API server, the watchers and the compilers, which share a
   * namespace.
   */
  List<String> servers() {
    return IntStream.range(KAFKA, FIRST_NODE).mapToObj(this::address).toList();
  }

  private String numbered(String kind, int first, int index, int most) {
    if (index >= most) {
      throw new IllegalArgumentException("a lab has at most " + most + " " + kind);
    }
    return address(first + index);
  }

  private String address(int host) {
    return "169.254." + (96 + block) + "." + host;
  }
}
