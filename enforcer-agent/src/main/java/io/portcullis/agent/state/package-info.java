/**
 * Keeps on the node's disk what is enforced, for the time after a restart or a boot when no topic
 * can be read yet.
 *
 * <p>In: versions that are in the kernel, links of their pods, leases of the guard. Out: the last
 * version that was saved, and a file that a unit of the host loads at boot. It never decides what
 * is enforced.
 */
package io.portcullis.agent.state;
