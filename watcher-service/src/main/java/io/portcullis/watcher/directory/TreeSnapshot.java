package io.portcullis.watcher.directory;

import java.util.SortedMap;

/**
 * A tree of files as it was at one time.
 *
 * @param files by name
 * @param unreadable why directories cannot be read, by name with a slash at its end
 */
record TreeSnapshot(SortedMap<String, FileSnapshot> files, SortedMap<String, String> unreadable) {}
