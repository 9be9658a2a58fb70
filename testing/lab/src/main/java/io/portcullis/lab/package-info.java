/**
 * Portcullis on one machine, with real packets.
 *
 * <p>In: manifests. Out: all of Portcullis as processes, nodes and pods as namespaces, and a view
 * of who reaches whom. It never touches a network or a process that it has not created.
 */
package io.portcullis.lab;
