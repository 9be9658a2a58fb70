package io.portcullis.agent.enforce;

import io.portcullis.agent.version.Version;

/** A verified version that is to be in the kernel, and when it came and was verified. */
public record PendingVersion(Version version, long receivedMicros, long verifiedMicros) {}
