package io.portcullis.watcher;

import io.portcullis.sighting.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each problem once, for as long as it lasts. */
final class ProblemLog {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemLog.class);

  private Set<Problem> logged = Set.of();

  /** Takes in which problems there are now. */
  void update(List<Problem> problems) {
    problems.stream().filter(problem -> !logged.contains(problem)).forEach(ProblemLog::log);
    logged = new HashSet<>(problems);
  }

  private static void log(Problem problem) {
    switch (problem.severity()) {
      case ERROR -> LOG.error(problem.text());
      case WARNING -> LOG.warn(problem.text());
      case NOTE -> LOG.debug(problem.text());
    }
  }
}
