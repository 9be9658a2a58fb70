/**
 * Describes what others did to the kernel's table.
 *
 * <p>In: the rule set that was enforced, and a dump of the kernel. Out: what differs, when a dump
 * is worth its time, and the last drifts. It never reads the kernel and never repairs it.
 */
package io.portcullis.agent.drift;
