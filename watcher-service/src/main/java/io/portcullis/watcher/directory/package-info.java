/**
 * A directory of manifests as a source.
 *
 * <p>In: files, and the system's word that something happened to them. Out: what the whole
 * directory shows, once a second look agrees. It never takes a file that is missing or half written
 * for a removal.
 */
package io.portcullis.watcher.directory;
