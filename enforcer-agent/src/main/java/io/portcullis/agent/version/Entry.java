package io.portcullis.agent.version;

import java.util.Optional;

/**
 * One record of the node's topic.
 *
 * @param value empty if the key was removed
 */
public record Entry(String key, Optional<byte[]> value) {}
