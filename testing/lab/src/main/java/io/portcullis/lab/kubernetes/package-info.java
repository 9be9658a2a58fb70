/**
 * A real API server for the lab, and the kubelets of its nodes.
 *
 * <p>In: manifests, the objects of the API server, where the lab's pods run. Out: objects and their
 * status at the API server, and all its objects as one manifest. It never decides what a policy
 * means.
 */
package io.portcullis.lab.kubernetes;
