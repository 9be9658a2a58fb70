/**
 * A Kubernetes API server as a source.
 *
 * <p>In: what the server lists and tells of changes. Out: events of the source; at the objects
 * themselves what becomes of them. It never changes what an object wants, or decides what that
 * means.
 */
package io.portcullis.watcher.kubernetes;
