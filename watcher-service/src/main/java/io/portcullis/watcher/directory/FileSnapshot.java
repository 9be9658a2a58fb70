package io.portcullis.watcher.directory;

import io.portcullis.manifest.FileContents;

/**
 * A file as it was at one time.
 *
 * @param mayBeHalfWritten whether its end looks as if more is to come
 */
record FileSnapshot(Signature signature, FileContents contents, boolean mayBeHalfWritten) {

  /**
   * A value that changes when the file is written or replaced.
   *
   * @param modified in nanoseconds since 1970, as precise as the file system is
   * @param file the file's identity, whatever its name
   */
  record Signature(long size, long modified, String file) {}
}
