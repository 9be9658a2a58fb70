/**
 * The agent's answers in {@code portcullis.applied.<node>}.
 *
 * <p>In: what the kernel holds now, or why not. Out: the newest answer in the topic, sooner or
 * later. It never holds up enforcement: what cannot be written waits, and newer answers replace it.
 */
package io.portcullis.agent.report;
