/**
 * Whether watcher, compiler and Kafka still work, end to end (C1).
 *
 * <p>In: the progress of the node's shard. Out: when the watcher's beat last changed, and how long
 * the guard of new pods is to stand. It never touches the kernel.
 */
package io.portcullis.agent.guard;
