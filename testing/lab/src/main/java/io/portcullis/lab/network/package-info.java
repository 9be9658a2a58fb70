/**
 * Nodes, pods and outside hosts as network namespaces, routed, and the management network beside
 * them.
 *
 * <p>In: a topology, a value. Out: namespaces that {@code ip netns exec} takes, and threads that
 * enter them. It never touches what it has not made, and never reads a manifest or a policy.
 */
package io.portcullis.lab.network;
