package io.portcullis.compiler.versions;

import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.SetId;
import io.portcullis.topic.TopicSpec;
import io.portcullis.topic.Topics;

/** A thing that has versions of its own: the rule set of a node, or a wide set. */
public sealed interface Versioned {

  /** Returns the name, which is unique and the key of its commits and of its position. */
  String name();

  /** Returns the number of the shard that writes it. */
  int shard();

  /** Returns the topic of its records. */
  TopicSpec topic();

  int partition();

  /** Returns the key of the record that closes a version. */
  String markerKey();

  /** Tells whether an existing record of that key belongs to it and is not the marker. */
  boolean holds(String key);

  /** The rule set of a node, in a topic of its own. */
  record OfNode(String name) implements Versioned {
    @Override
    public int shard() {
      return Topics.shardOf(name);
    }

    @Override
    public TopicSpec topic() {
      return Topics.node(name);
    }

    @Override
    public int partition() {
      return 0;
    }

    @Override
    public String markerKey() {
      return Marker.KEY;
    }

    @Override
    public boolean holds(String key) {
      return !key.equals(Marker.KEY);
    }
  }

  /** A wide set, in one partition with the other sets of its shard. */
  record OfSet(SetId id) implements Versioned {
    private static final String PREFIX = "set/";

    @Override
    public String name() {
      return PREFIX + id;
    }

    @Override
    public int shard() {
      return Topics.shardOf(id.toString());
    }

    @Override
    public TopicSpec topic() {
      return Topics.sets();
    }

    @Override
    public int partition() {
      return shard();
    }

    @Override
    public String markerKey() {
      return Marker.key(id);
    }

    @Override
    public boolean holds(String key) {
      return key.equals(name()) || key.startsWith(name() + "/");
    }
  }

  /** Returns what has that name. No node's name has a slash. */
  static Versioned parse(String name) {
    return name.startsWith(OfSet.PREFIX)
        ? new OfSet(SetId.parse(name.substring(OfSet.PREFIX.length())))
        : new OfNode(name);
  }
}
