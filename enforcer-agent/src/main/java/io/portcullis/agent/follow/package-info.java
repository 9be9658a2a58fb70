/**
 * The topics of a node, followed.
 *
 * <p>In: the node's topic and the partitions of wide sets that its version needs. Out: verified
 * versions to enforce, and what to read again. It never waits for the broker on the loop's thread.
 */
package io.portcullis.agent.follow;
