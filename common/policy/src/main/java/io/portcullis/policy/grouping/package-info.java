/**
 * Pods into classes and groups, so that each selector is matched once for all pods that it treats
 * alike.
 *
 * <p>In: pods, namespaces and nodes of the cluster, and the selectors that are in use. Out: which
 * classes and nodes are in which groups, and to a {@link
 * io.portcullis.policy.grouping.GroupListener} what changed of that. It never builds a rule or a
 * set.
 */
package io.portcullis.policy.grouping;
