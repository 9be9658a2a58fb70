/**
 * Cluster objects to the state of the cluster.
 *
 * <p>In: cluster objects of {@code portcullis.cluster}. Out: the pods that count, their namespaces
 * and the policies. It never reads a topic and never builds a rule.
 */
package io.portcullis.policy.state;
