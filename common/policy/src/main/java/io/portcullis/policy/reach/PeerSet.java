package io.portcullis.policy.reach;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/** The classes in a set. */
sealed interface PeerSet {
  RoaringBitmap NOBODY = new RoaringBitmap();

  /** Returns the classes that match on the port of that code. */
  RoaringBitmap at(int code);

  /** Returns the codes of the ports that the set itself names. */
  Collection<Integer> codes();

  /** The set holds addresses. */
  record OnAnyPort(RoaringBitmap classes) implements PeerSet {
    @Override
    public RoaringBitmap at(int code) {
      return classes;
    }

    @Override
    public Collection<Integer> codes() {
      return List.of();
    }
  }

  /** The set holds addresses with their named ports (N9). */
  record OnPorts(Map<Integer, RoaringBitmap> classes) implements PeerSet {
    @Override
    public RoaringBitmap at(int code) {
      return classes.getOrDefault(code, NOBODY);
    }

    @Override
    public Collection<Integer> codes() {
      return classes.keySet();
    }
  }
}
