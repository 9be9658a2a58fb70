/**
 * The guard of new pods, which stands while watcher, compiler and Kafka work, end to end (C1).
 *
 * <p>In: the progress of the node's shard. Out: when the watcher's heartbeat last changed, and how
 * long the guard stands. It never touches the kernel.
 */
package io.portcullis.agent.guard;
