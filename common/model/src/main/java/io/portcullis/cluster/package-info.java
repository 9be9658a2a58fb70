/**
 * Cluster objects: what of a Pod, Namespace, Node or policy matters for enforcement.
 *
 * <p>In: validated objects from the watcher's sources. Out: values that travel through {@code
 * portcullis.cluster}. It never validates API objects and never decides a flow.
 */
package io.portcullis.cluster;
