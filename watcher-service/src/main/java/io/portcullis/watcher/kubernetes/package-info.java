/**
 * An API server as a source of cluster objects.
 *
 * <p>In: lists and watches of each kind that the server serves. Out: events of the source, and for
 * each object what it says of itself. It never changes an object, or decides what one means.
 */
package io.portcullis.watcher.kubernetes;
