package io.portcullis.agent.guard;

/**
 * The watcher's newest heartbeat, as a compiler repeats it in its progress. Another value is
 * another heartbeat, whichever is the greater: clocks of different watchers are not compared.
 */
public record Heartbeat(String clusterTopicId, long beatMicros) {}
