package io.portcullis.lab.observe;

import java.util.Optional;

/**
 * The newest change of a node's table that its agent did not make.
 *
 * @param count of all of them since the agent started
 * @param detectedMicros when the agent saw it, microseconds since 1970
 * @param repairMillis how long until the table was as it should be, if it is
 */
public record DriftSeen(long count, long detectedMicros, Optional<Long> repairMillis) {}
