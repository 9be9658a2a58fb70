package io.portcullis.watcher.source;

import io.portcullis.cluster.Origin;
import io.portcullis.sighting.Problem;
import java.util.List;

/**
 * The named ports of one policy that no pod has (N9).
 *
 * @param form of the policy that names them
 * @param problems one for each place that names such a port
 */
public record MissingPorts(Origin form, List<Problem> problems) {
  public MissingPorts {
    problems = List.copyOf(problems);
  }
}
