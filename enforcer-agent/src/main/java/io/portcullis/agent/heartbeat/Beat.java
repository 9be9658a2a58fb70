package io.portcullis.agent.heartbeat;

/**
 * The watcher's newest beat as a compiler repeats it in its progress. Another value is another
 * beat, whichever is the greater: clocks of different watchers are not compared.
 */
public record Beat(String clusterTopicId, long beatMicros) {}
