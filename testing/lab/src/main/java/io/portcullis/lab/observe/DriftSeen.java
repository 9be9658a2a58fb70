package io.portcullis.lab.observe;

import java.util.Optional;

/**
 * The newest change of a node's table that its agent did not make.
 *
 * @param count how many such changes the agent has seen since it started
 * @param detectedMicros when the agent saw it, microseconds since 1970
 * @param repairMillis how long the repair took; empty while it is under way
 */
public record DriftSeen(long count, long detectedMicros, Optional<Long> repairMillis) {}
