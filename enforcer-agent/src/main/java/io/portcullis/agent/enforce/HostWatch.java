package io.portcullis.agent.enforce;

import io.portcullis.agent.host.HostFacts;
import io.portcullis.agent.host.Problem;
import io.portcullis.agent.host.Problem.Severity;
import io.portcullis.agent.host.Problems;
import io.portcullis.agent.kernel.HostReader;
import io.portcullis.net.IpAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what is wrong with the machine. Facts are read when somebody asks, at most once a minute.
 * Any thread uses it.
 */
public final class HostWatch {
  private static final Logger LOG = LoggerFactory.getLogger(HostWatch.class);
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final HostReader reader;
  private Optional<HostFacts> facts = Optional.empty();
  private Optional<Problem> unread = Optional.empty();
  private long readNanos = System.nanoTime() - FRESH.toNanos();
  private List<Problem> told = List.of();

  public HostWatch(HostReader reader) {
    this.reader = reader;
  }

  /**
   * Returns what is wrong.
   *
   * @param pods addresses of local pods
   */
  public synchronized List<Problem> problems(Collection<IpAddress> pods) {
    if (System.nanoTime() - readNanos >= FRESH.toNanos()) {
      read();
      readNanos = System.nanoTime();
    }
    var problems = unread.map(List::of).orElseGet(() -> Problems.of(facts.orElseThrow(), pods));
    if (!problems.equals(told)) {
      problems.forEach(problem -> LOG.warn("{}", problem));
      told = problems;
    }
    return problems;
  }

  private void read() {
    try {
      facts = Optional.of(reader.read());
      unread = Optional.empty();
    } catch (IOException e) {
      unread =
          Optional.of(
              new Problem(
                  Severity.NOTE,
                  "the facts of the machine cannot be read",
                  String.valueOf(e.getMessage())));
    }
  }
}
