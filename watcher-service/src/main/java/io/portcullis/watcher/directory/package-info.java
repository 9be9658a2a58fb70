/**
 * A directory of manifests as a source.
 *
 * <p>In: files, and the file system's events. Out: what has changed in the whole tree, once a
 * second snapshot agrees. It never takes a file that is missing or half written for a removal.
 */
package io.portcullis.watcher.directory;
