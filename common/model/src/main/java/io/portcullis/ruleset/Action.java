package io.portcullis.ruleset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What a matching rule does, and what happens at the end of a chain. */
public sealed interface Action {

  /** Allows the packet for this direction (A3). */
  record Accept() implements Action {
    @Override
    @JsonValue
    public String toString() {
      return "accept";
    }
  }

  /** Drops the packet. */
  record Deny() implements Action {
    @Override
    @JsonValue
    public String toString() {
      return "deny";
    }
  }

  /** Lets the next tier decide (A3: Pass). */
  record Continue(ChainId chain) implements Action {
    @Override
    @JsonValue
    public String toString() {
      return chain.toString();
    }
  }

  Action ACCEPT = new Accept();
  Action DENY = new Deny();

  @JsonCreator
  static Action parse(String text) {
    return switch (text) {
      case "accept" -> ACCEPT;
      case "deny" -> DENY;
      default -> new Continue(ChainId.parse(text));
    };
  }
}
