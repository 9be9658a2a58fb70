package io.portcullis.watcher.directory;

import io.portcullis.manifest.FileContents;

/**
 * One file at one look.
 *
 * @param mayBeHalfWritten whether its end looks as if more was to come
 */
record FileSnapshot(Signature signature, FileContents reading, boolean mayBeHalfWritten) {

  /**
   * What changes when a file is written or replaced.
   *
   * @param modified in nanoseconds since 1970, as far as the file system counts them
   * @param file which one it is, whatever its name
   */
  record Signature(long size, long modified, String file) {}
}
