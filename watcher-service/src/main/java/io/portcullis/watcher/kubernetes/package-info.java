/**
 * A Kubernetes API server as a source.
 *
 * <p>In: what the server lists and tells of changes. Out: events of the source. It never writes to
 * the server, and never decides what an object means.
 */
package io.portcullis.watcher.kubernetes;
