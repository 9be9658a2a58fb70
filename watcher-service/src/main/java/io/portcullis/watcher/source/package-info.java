/**
 * Where cluster objects come from.
 *
 * <p>In: manifests in a directory, or what an API server shows. Out: sightings, good ones and those
 * that harm only themselves, and from them the objects that should be published. It never writes to
 * a topic.
 */
package io.portcullis.watcher.source;
