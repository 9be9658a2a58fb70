package io.portcullis.ruleset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What a rule that matches does, and what happens at the end of a chain. */
public sealed interface Action {

  /** Allowed for this direction (A3). */
  record Accept() implements Action {
    @Override
    @JsonValue
    public String toString() {
      return "accept";
    }
  }

  /** Dropped. */
  record Deny() implements Action {
    @Override
    @JsonValue
    public String toString() {
      return "deny";
    }
  }

  /** The next tier decides (A3: Pass). */
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
