/**
 * The way to the kernel: its nftables by the library in this process or by the program, its links
 * and routes by netlink.
 *
 * <p>In: transactions of {@code io.portcullis.agent.program}. Out: committed, or refused with
 * nothing changed, what the kernel holds, and what else the machine is. It never decides what to
 * run.
 */
package io.portcullis.agent.kernel;
