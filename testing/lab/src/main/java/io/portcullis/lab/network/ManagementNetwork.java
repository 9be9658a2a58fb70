package io.portcullis.lab.network;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The addresses of the management network: one /24 of 169.254.96.0/19, link-local addresses that
 * neither manifests nor clouds' metadata servers use.
 *
 * @param block which of them, 0–31; the name of the link in the starting namespace carries it, so
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

  /** So many of each have an address. */
  public static final int MAX_WATCHERS = FIRST_COMPILER - FIRST_WATCHER;

  public static final int MAX_COMPILERS = API_SERVER - FIRST_COMPILER;
  public static final int MAX_NODES = LAST_NODE + 1 - FIRST_NODE;

  public ManagementNetwork {
    if (block < 0 || block >= BLOCKS) {
      throw new IllegalArgumentException("not a block of the management network: " + block);
    }
  }

  /** The link in the namespace that the lab was started in. */
  String link() {
    return "pclab" + block;
  }

  String network() {
    return address(0) + "/24";
  }

  /** Where the lab itself stands. */
  String lab() {
    return address(1);
  }

  public String kafka() {
    return address(KAFKA);
  }

  /** The API server and its etcd. */
  public String apiServer() {
    return address(API_SERVER);
  }

  /**
   * @param index of the watcher, from 0
   */
  public String watcher(int index) {
    return numbered("watchers", FIRST_WATCHER, index, MAX_WATCHERS);
  }

  /**
   * @param index of the compiler, from 0
   */
  public String compiler(int index) {
    return numbered("compilers", FIRST_COMPILER, index, MAX_COMPILERS);
  }

  /**
   * Where a node's agent listens.
   *
   * @param index of the node in the lab, from 0
   */
  public String node(int index) {
    return numbered("nodes", FIRST_NODE, index, MAX_NODES);
  }

  /** Those of Kafka, the API server, the watchers and the compilers, which share a namespace. */
  List<String> servers() {
    return IntStream.range(KAFKA, FIRST_NODE).mapToObj(this::address).toList();
  }

  private String numbered(String what, int first, int index, int most) {
    if (index >= most) {
      throw new IllegalArgumentException("a lab has at most " + most + " " + what);
    }
    return address(first + index);
  }

  private String address(int host) {
    return "169.254." + (96 + block) + "." + host;
  }
}
