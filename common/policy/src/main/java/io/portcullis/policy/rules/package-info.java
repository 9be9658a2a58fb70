/**
 * Policies to rule sets, one per node.
 *
 * <p>In: one state of the cluster. Out: address sets, chains and endpoints, the same for the same
 * state, whatever the order of its events. It never reads a clock and does no I/O.
 */
package io.portcullis.policy.rules;
