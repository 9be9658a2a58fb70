/**
 * Portcullis on one machine, with real packets.
 *
 * <p>In: manifests. Out: all of Portcullis as processes, nodes and pods as namespaces, and what is
 * seen of them. It never touches a network or a process that it has not made.
 */
package io.portcullis.lab;
