/**
 * The transactions that bring a node's kernel to a version.
 *
 * <p>In: what tables the kernel has and the version it should hold. Out: transactions in order, and
 * what undoes them half-way. It never runs one.
 */
package io.portcullis.agent.program;
