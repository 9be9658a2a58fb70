package io.portcullis.watcher.directory;

import java.util.SortedMap;

/**
 * The whole tree at one look.
 *
 * @param files by name
 * @param unreadable directories with a slash at their end, and why
 */
record TreeSnapshot(SortedMap<String, FileSnapshot> files, SortedMap<String, String> unreadable) {}
