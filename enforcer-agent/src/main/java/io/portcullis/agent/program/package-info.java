/**
 * Decides the transactions that bring a node's kernel to a version.
 *
 * <p>In: our tables in the kernel, the version it should hold, what the node adds by itself. Out:
 * all that a transaction contains, in order, and what undoes a plan half-way. It never runs one.
 */
package io.portcullis.agent.program;
