package io.portcullis.agent.counters;

import io.portcullis.agent.kernel.Nft;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.netlink.PacketLog;
import io.portcullis.nft.DeniedLog;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the last denied packets that the kernel's log told. A thread of its own reads the log;
 * any thread may ask.
 */
public final class DeniedSample implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeniedSample.class);
  private static final int KEPT = 100;
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

  private final int perSecond;
  private final Deque<Told> last = new ArrayDeque<>();
  private volatile Optional<String> trouble;
  private volatile boolean closed;
  private Optional<Reader> reader = Optional.empty();

  private DeniedSample(int perSecond, Optional<String> trouble) {
    this.perSecond = perSecond;
    this.trouble = trouble;
  }

  /**
   * Begins to read, in the network namespace of the calling thread.
   *
   * @param perSecond how many denied packets the log is to tell; 0 for none
   */
  public static DeniedSample open(int perSecond, Nft nft) {
    if (perSecond <= 0) {
      return new DeniedSample(0, Optional.empty());
    }
    try {
      var log = PacketLog.open();
      try {
        nft.check(DeniedLog.trial());
      } catch (NftException e) {
        log.close();
        throw e;
      }
      var sample = new DeniedSample(perSecond, Optional.empty());
      sample.start(log);
      return sample;
    } catch (NftException | IOException e) {
      LOG.warn("denied packets are counted and not told one by one: {}", e.getMessage());
      return new DeniedSample(0, Optional.of("denied packets are not told: " + e.getMessage()));
    }
  }

  private void start(PacketLog log) {
    var thread = Thread.ofPlatform().name("denied").daemon().start(() -> run(log));
    reader = Optional.of(new Reader(log, thread));
  }

  /** Returns how many packets a second the table is to tell; 0 where nobody could read them. */
  public int perSecond() {
    return perSecond;
  }

  /** Returns why no packets are told, if some should be. */
  public Optional<String> trouble() {
    return trouble;
  }

  /**
   * Returns the last denied packets, the newest first.
   *
   * @param rules in force; they give the reasons
   */
  public List<DeniedFlow> last(RuleSet rules) {
    List<Told> told;
    synchronized (last) {
      told = List.copyOf(last);
    }
    return told.stream()
        .flatMap(t -> DeniedFlow.of(t.packet(), rules, t.micros()).stream())
        .toList();
  }

  private record Told(PacketLog.Packet packet, long micros) {}

  /** The thread that reads the log; it closes it when it ends. */
  private record Reader(PacketLog log, Thread thread) {
    void end() throws InterruptedException {
      if (thread.isAlive()) {
        try {
          log.wake();
        } catch (IOException e) {
          LOG.debug("the reader of the log has ended already", e);
        }
        thread.join(LONGEST_CLOSE);
      }
    }
  }

  private void run(PacketLog log) {
    try (log) {
      while (!closed) {
        for (var packet : log.await()) {
          keep(new Told(packet, now()));
        }
      }
    } catch (IOException | RuntimeException e) {
      trouble = Optional.of("denied packets are not told any more: " + e.getMessage());
      LOG.error("{}", trouble.get(), e);
    }
  }

  private static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private void keep(Told told) {
    synchronized (last) {
      last.addFirst(told);
      while (last.size() > KEPT) {
        last.removeLast();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      if (reader.isPresent()) {
        reader.get().end();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
