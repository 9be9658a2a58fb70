/**
 * Finds the pods that the node itself knows, by what its container runtime notes of them (C1).
 *
 * <p>In: files of libcni's result cache, links and routes of the node. Out: addresses of pods in
 * exempt namespaces, which the guard of new pods lets pass. It never writes a file.
 */
package io.portcullis.agent.cni;
