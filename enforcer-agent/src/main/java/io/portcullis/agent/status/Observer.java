package io.portcullis.agent.status;

import io.portcullis.agent.version.VersionOutcome;
import java.time.Duration;

/** Takes what is counted. The loop's thread calls it; it must not wait. */
public interface Observer {

  /** A version is in the kernel; programming took so long. */
  void committed(EnforcedVersion enforced, Duration took);

  /** The kernel did not take a version. */
  void failed();

  /** The table was changed by others and is repaired, so long after that was seen. */
  void repaired(Duration took);

  void refused(VersionOutcome.Reason reason);
}
