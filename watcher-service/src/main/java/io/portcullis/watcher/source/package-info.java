/**
 * What a source of cluster objects shows.
 *
 * <p>In: events of a source. Out: the newest sighting of each object, which objects have changed,
 * and problems for their authors. It never reads a source itself, and never writes a topic.
 */
package io.portcullis.watcher.source;
