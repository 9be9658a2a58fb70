/**
 * Records that keep every version of every node with its cause, and where each stands in the log.
 *
 * <p>In: versions as the compiler makes them, and records read from {@code portcullis.history} and
 * {@code portcullis.progress}. Out: such records, and past rule sets rebuilt from them. It never
 * reads or writes a topic.
 */
package io.portcullis.history;
