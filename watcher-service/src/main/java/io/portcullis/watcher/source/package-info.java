/**
 * What a source tells, and what follows from it.
 *
 * <p>In: sightings of objects, good ones and those that harm only themselves. Out: the objects that
 * should be published, and problems for people. It never reads a source and never writes a topic.
 */
package io.portcullis.watcher.source;
