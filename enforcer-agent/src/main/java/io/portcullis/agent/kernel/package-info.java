/**
 * The way to the kernel's nftables: the library in this process, or the program.
 *
 * <p>In: transactions of {@code io.portcullis.agent.program}. Out: committed, or refused with
 * nothing changed, and what the kernel holds. It never decides what to run.
 */
package io.portcullis.agent.kernel;
