package io.portcullis.compiler.publish;

import java.util.ArrayList;
import java.util.List;

/** What one transaction takes: versions of many nodes up to bounds, each of them whole. */
final class Batch {
  /** In bytes, about; a version that is larger goes by itself. */
  private static final long LARGEST = 4 * 1024 * 1024;

  /** Each has a topic of its own, which costs the broker more than what is written to it. */
  private static final int MOST = 50;

  private final List<NodeVersion> versions = new ArrayList<>();
  private final List<Removal> removals = new ArrayList<>();
  private long size;

  void add(NodeVersion version) {
    versions.add(version);
    size += version.size();
  }

  void remove(Removal removal) {
    removals.add(removal);
    size += removal.size();
  }

  boolean isEmpty() {
    return versions.isEmpty() && removals.isEmpty();
  }

  List<Removal> removals() {
    return List.copyOf(removals);
  }

  boolean isFull() {
    return size >= LARGEST || versions.size() + removals.size() >= MOST;
  }

  List<NodeVersion> versions() {
    return List.copyOf(versions);
  }
}
