/**
 * The log of commits: every version of every node, with its cause.
 *
 * <p>In: versions as the compiler makes them. Out: records of {@code portcullis.history} and {@code
 * portcullis.progress}, and past rule sets rebuilt from them. It never reads a topic.
 */
package io.portcullis.history;
