package io.portcullis.nft;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;

/**
 * A key of a connection itself, which is the same for the packets of both directions (C2). The
 * original destination may be a service's address, so the server is the source of the replies (T3).
 *
 * @param text the key as it is written for nft
 * @param listed the key as nft lists it, in JSON with single quotes
 */
record ConnectionKey(String text, String listed) {
  /**
   * The port of the server. nft 1.0.6 takes it only after {@code meta l4proto} in the same rule,
   * and lists numbers in a set of them as no numbers.
   */
  static final ConnectionKey SERVER_PORT = of("reply", "proto-src");

  private static ConnectionKey of(String direction, String key) {
    return new ConnectionKey(
        "ct " + direction + " " + key, "{'ct':{'key':'" + key + "','dir':'" + direction + "'}}");
  }

  /** Returns the address of whoever began the connection. */
  static ConnectionKey client(Family family) {
    return of("original", address(family));
  }

  /** Returns the address of whoever answers, after translation. */
  static ConnectionKey server(Family family) {
    return of("reply", address(family));
  }

  /** Returns the address of the end that rules of that direction look up as their peer. */
  static ConnectionKey peer(Direction direction, Family family) {
    return switch (direction) {
      case INGRESS -> client(family);
      case EGRESS -> server(family);
    };
  }

  /** Returns the address of the end whose rules of that direction are asked. */
  static ConnectionKey subject(Direction direction, Family family) {
    return switch (direction) {
      case INGRESS -> server(family);
      case EGRESS -> client(family);
    };
  }

  private static String address(Family family) {
    return switch (family) {
      case V4 -> "ip saddr";
      case V6 -> "ip6 saddr";
    };
  }
}
