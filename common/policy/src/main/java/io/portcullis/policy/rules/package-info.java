/**
 * Policies to rule sets, one for each node.
 *
 * <p>In: the state of the cluster and its groups of pods. Out: address sets, chains and endpoints,
 * which depend on the state and not on the order of its events. It never reads a clock and never
 * does I/O.
 */
package io.portcullis.policy.rules;
