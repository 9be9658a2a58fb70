/**
 * Counts hits of rules and denied packets, over changes of chains, replacements and restarts.
 *
 * <p>In: rule sets and the kernel's counters. Out: hits of policy rules, and what was denied to
 * whom. It never decides what passes.
 */
package io.portcullis.agent.counters;
