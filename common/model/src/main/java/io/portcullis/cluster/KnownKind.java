package io.portcullis.cluster;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What a watcher knows of one kind of objects at its API server.
 *
 * @param state whether the kind can be read, and what becomes of its objects
 * @param apiVersion in which the kind is read, or was read last; empty if it never was
 * @param others the versions in which the server has the kind, and which are not known
 * @param reason why the kind is not read; empty while it is
 * @param sinceMicros when the state began, microseconds since 1970
 */
public record KnownKind(
    @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE) State state,
    String apiVersion,
    List<String> others,
    String reason,
    long sinceMicros) {

  /** Whether a kind can be read. */
  public enum State {
    /** The server has the kind in a version that is known. */
    @JsonProperty("served")
    SERVED,
    /** The server refuses to show the kind, or to say in which versions it has it. */
    @JsonProperty("unreadable")
    UNREADABLE,
    /** The kind's definition is there, and serves no version that is known. */
    @JsonProperty("unserved")
    UNSERVED,
    /** The server does not show the kind, and it is not certain that its definition is gone. */
    @JsonProperty("missing")
    @JsonEnumDefaultValue // for a state of a later watcher
    MISSING,
    /** The kind is gone for good, and its objects with it. */
    @JsonProperty("removed")
    REMOVED;

    /** Tells whether the kind's objects stay as they were last read. */
    public boolean isFrozen() {
      return switch (this) {
        case SERVED, REMOVED -> false;
        case UNREADABLE, UNSERVED, MISSING -> true;
      };
    }
  }

  public KnownKind {
    apiVersion = apiVersion == null ? "" : apiVersion;
    others = others == null ? List.of() : List.copyOf(others);
    reason = reason == null ? "" : reason;
  }

  /** Tells whether the kind's objects stay as they were last read. */
  public boolean isFrozen() {
    return state.isFrozen();
  }

  /** Returns this; if an earlier one was in the same state, the state began when that one says. */
  public KnownKind after(KnownKind earlier) {
    return state == earlier.state && others.equals(earlier.others)
        ? new KnownKind(
            state,
            apiVersion.isEmpty() ? earlier.apiVersion : apiVersion,
            others,
            reason,
            earlier.sinceMicros)
        : this;
  }
}
