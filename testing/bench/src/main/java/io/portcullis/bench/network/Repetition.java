package io.portcullis.bench.network;

import java.io.IOException;

/** A thread that does the same again and again until it is closed. */
public final class Repetition implements AutoCloseable {
  private final Thread thread;
  private volatile boolean closed;

  /** What is done again and again; it does not take long. */
  public interface Round {
    /**
     * @throws InterruptedException ends the repetition
     */
    void run() throws IOException, InterruptedException;
  }

  private Repetition(String name, Round round) {
    this.thread = Thread.ofPlatform().name(name).daemon().start(() -> run(name, round));
  }

  /** Begins at once. */
  public static Repetition begin(String name, Round round) {
    return new Repetition(name, round);
  }

  private void run(String name, Round round) {
    try {
      while (!closed) {
        round.run();
      }
    } catch (IOException e) {
      throw new IllegalStateException(name + " stopped: " + e.getMessage(), e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends after the round that is under way. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
