/**
 * Runs nft, by its library in this process or as a program, and reads back what the kernel holds.
 *
 * <p>In: transactions of {@code io.portcullis.agent.program}. Out: committed, or refused with
 * nothing changed; tables, counters, the generation, facts of the machine. It never decides what a
 * transaction contains.
 */
package io.portcullis.agent.kernel;
