/**
 * Sightings of objects, and what follows from them.
 *
 * <p>In: objects as they were seen in one place, valid or not. Out: the objects that should be
 * published, and problems for their authors. It never reads files or APIs, and never publishes.
 */
package io.portcullis.sighting;
