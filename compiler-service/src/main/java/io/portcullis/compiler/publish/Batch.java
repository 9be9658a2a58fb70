package io.portcullis.compiler.publish;

import java.util.ArrayList;
import java.util.List;

/** The versions that one transaction writes. Each is written whole, up to a bound of all. */
final class Batch {
  /** About how many bytes a batch takes. A larger version is a batch of its own. */
  private static final long MAX_BYTES = 4 * 1024 * 1024;

  private final int most;
  private final List<VersionWrite> writes = new ArrayList<>();
  private long size;

  /**
   * @param most how many versions it takes
   */
  Batch(int most) {
    this.most = most;
  }

  void add(VersionWrite write) {
    writes.add(write);
    size += write.size();
  }

  boolean isEmpty() {
    return writes.isEmpty();
  }

  boolean isFull() {
    return size >= MAX_BYTES || writes.size() >= most;
  }

  List<VersionWrite> writes() {
    return List.copyOf(writes);
  }
}
