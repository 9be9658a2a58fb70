/**
 * Nodes, pods and outside hosts as routed network namespaces, and the management network beside
 * them.
 *
 * <p>In: a topology. Out: namespaces for {@code ip netns exec}, and threads that enter them. It
 * never changes a network that it has not created, and never reads a manifest or a policy.
 */
package io.portcullis.lab.network;
