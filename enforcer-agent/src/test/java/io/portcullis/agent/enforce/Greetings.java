package io.portcullis.agent.enforce;

import static io.portcullis.agent.enforce.RoutedPods.received;
import static io.portcullis.agent.enforce.RoutedPods.receivedBeforeLast;
import static io.portcullis.agent.enforce.RoutedPods.send;
import static io.portcullis.agent.enforce.RoutedPods.socket;
import static io.portcullis.agent.enforce.RoutedPods.v4;
import static io.portcullis.agent.enforce.RoutedPods.v6;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.util.List;

/** Packets from pod to pod, each time of a new connection. */
final class Greetings {
  private static final int PORT = 7000;

  private final RoutedPods pods;

  /** No answer may be taken for that of an earlier connection. */
  private int port = 20_000;

  Greetings(RoutedPods pods) {
    this.pods = pods;
  }

  /** Requires that a packet of either family arrives. */
  void reach(int from, int to) throws Exception {
    for (var family : List.of(4, 6)) {
      try (var server = server(to, family);
          var client = client(from, family)) {
        send(client, ip(to, family), PORT, "hello");
        assertThat(received(server, 1)).containsExactly("hello");
      }
    }
  }

  /** Requires that no packet of either family arrives. */
  void doNotReach(int from, int to) throws Exception {
    for (var family : List.of(4, 6)) {
      try (var server = server(to, family);
          var client = client(from, family);
          var free =
              socket(pods.node(), family == 4 ? RoutedPods.NODE_V4 : RoutedPods.NODE_V6, 0)) {
        for (var i = 0; i < 2; i++) { // the second time all neighbours are known
          send(client, ip(to, family), PORT, "hello");
        }
        assertThat(receivedBeforeLast(server, free)).isEmpty();
      }
    }
  }

  private DatagramSocket server(int number, int family) throws Exception {
    return socket(pods.pod(number), ip(number, family), PORT);
  }

  private DatagramSocket client(int number, int family) throws Exception {
    return socket(pods.pod(number), ip(number, family), port++);
  }

  private static String ip(int number, int family) {
    return family == 4 ? v4(number) : v6(number);
  }
}
