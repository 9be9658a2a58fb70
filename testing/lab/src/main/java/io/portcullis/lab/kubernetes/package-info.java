/**
 * A real API server for the lab, and the kubelet's part of its nodes.
 *
 * <p>In: manifests, what the API server shows, where the lab's pods stand. Out: objects and states
 * at the API server, and all of its objects as a manifest. It never decides what a policy means.
 */
package io.portcullis.lab.kubernetes;
