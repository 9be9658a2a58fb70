package io.portcullis.topic;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Stands between clients and a broker, which gets all requests at once, and keeps back the answers
 * to one kind of them while it is told to.
 */
final class DelayedAnswers implements AutoCloseable {
  private final ServerSocket server;
  private final int brokerPort;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger kept = new AtomicInteger();
  private volatile ApiKeys kind = ApiKeys.END_TXN;
  private volatile CountDownLatch answering = new CountDownLatch(0);

  DelayedAnswers(int port, int brokerPort) throws IOException {
    this.server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    this.brokerPort = brokerPort;
    Thread.ofVirtual().start(this::accept);
  }

  String bootstrap() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Keeps answers back from now on, and each that comes after one on its connection. */
  void keepBack(ApiKeys requests) {
    kind = requests;
    kept.set(0);
    answering = new CountDownLatch(1);
  }

  /** Returns how many answers it has kept back since it was told to. */
  int kept() {
    return kept.get();
  }

  /** Gives all answers. */
  void answer() {
    answering.countDown();
  }

  private void accept() {
    try {
      while (true) {
        var client = server.accept();
        var broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
        client.setTcpNoDelay(true);
        broker.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(broker);
        Set<Integer> asked = ConcurrentHashMap.newKeySet();
        Thread.ofVirtual().start(() -> pass(client, broker, request -> note(request, asked)));
        Thread.ofVirtual().start(() -> pass(broker, client, answer -> delay(answer, asked)));
      }
    } catch (IOException _) {
      // it is closed
    }
  }

  /** What happens to a message before it is passed on. */
  private interface Step {
    void take(ByteBuffer message) throws InterruptedException;
  }

  private static void pass(Socket from, Socket to, Step step) {
    try (from;
        to) {
      var in = new DataInputStream(from.getInputStream());
      var out = new DataOutputStream(to.getOutputStream());
      while (true) {
        var message = new byte[in.readInt()];
        in.readFully(message);
        step.take(ByteBuffer.wrap(message));
        var whole = ByteBuffer.allocate(Integer.BYTES + message.length);
        out.write(whole.putInt(message.length).put(message).array());
      }
    } catch (IOException _) {
      // either side has closed its end
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** A request begins with its kind, its version and the number that its answer begins with. */
  private void note(ByteBuffer request, Set<Integer> asked) {
    if (request.getShort(0) == kind.id) {
      asked.add(request.getInt(2 * Short.BYTES));
    }
  }

  private void delay(ByteBuffer answer, Set<Integer> asked) throws InterruptedException {
    if (asked.remove(answer.getInt(0)) && answering.getCount() > 0) {
      kept.incrementAndGet();
      answering.await();
    }
  }

  @Override
  public void close() throws IOException {
    answer();
    server.close();
    for (var socket : sockets) {
      socket.close();
    }
  }
}
