package io.portcullis.watcher;

import io.portcullis.sighting.Problem;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each problem once, for as long as it lasts. */
final class ProblemLog {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemLog.class);

  private List<Problem> problems = List.of();
  private Set<Problem> logged = Set.of();

  /** Takes in which problems there are now. */
  void update(List<Problem> now) {
    if (now.equals(problems)) {
      return;
    }
    problems = now;
    now.stream()
        .filter(problem -> !logged.contains(problem.withoutInForce()))
        .forEach(ProblemLog::log);
    logged = now.stream().map(Problem::withoutInForce).collect(Collectors.toUnmodifiableSet());
  }

  private static void log(Problem problem) {
    switch (problem.severity()) {
      case ERROR -> LOG.error(problem.text());
      case WARNING -> LOG.warn(problem.text());
      case NOTE -> LOG.debug(problem.text());
    }
  }
}
