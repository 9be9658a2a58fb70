package io.portcullis.agent.program;

import io.portcullis.cluster.Direction;
import io.portcullis.nft.Edit;
import io.portcullis.nft.Edit.AddMembers;
import io.portcullis.nft.Edit.RemoveMembers;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** What the rules of two rule sets do to the members of some sets. */
final class Uses {
  private final Map<SetId, EnumSet<Effect>> effects = new HashMap<>();
  private final EnumSet<Direction> directions = EnumSet.noneOf(Direction.class);

  private enum Effect {
    ACCEPT,
    DENY,
    PASS
  }

  private Uses() {}

  static Uses of(Set<SetId> sets, RuleSet before, RuleSet after) {
    var uses = new Uses();
    if (!sets.isEmpty()) {
      uses.add(sets, before);
      uses.add(sets, after);
    }
    return uses;
  }

  private void add(Set<SetId> sets, RuleSet rules) {
    for (var chain : rules.chains()) {
      for (var rule : chain.rules()) {
        rule.peers()
            .filter(sets::contains)
            .ifPresent(
                set -> {
                  of(set).add(effect(rule.action()));
                  directions.add(chain.id().direction());
                });
      }
    }
  }

  private EnumSet<Effect> of(SetId set) {
    return effects.computeIfAbsent(set, _ -> EnumSet.noneOf(Effect.class));
  }

  private static Effect effect(Action action) {
    return switch (action) {
      case Action.Accept _ -> Effect.ACCEPT;
      case Action.Deny _ -> Effect.DENY;
      case Action.Continue _ -> Effect.PASS;
    };
  }

  /** Returns whether one more member of some set could open and restrict at once. */
  boolean areMixed() {
    return effects.values().stream()
        .anyMatch(found -> found.size() > 1 || found.contains(Effect.PASS));
  }

  boolean areAcceptedInOneDirection() {
    return directions.size() <= 1
        && effects.values().stream().noneMatch(found -> found.contains(Effect.DENY));
  }

  /** Returns the changes of members that let less pass. */
  List<Edit> restricting(SortedMap<SetId, KernelChanges.Members> members) {
    var edits = new ArrayList<Edit>();
    members.forEach(
        (set, changed) -> {
          if (isDenied(set)) {
            add(set, changed.added(), edits);
          } else {
            remove(set, changed.removed(), edits);
          }
        });
    return edits;
  }

  /** Returns the sets whose change of members lets less pass. */
  Set<SetId> restricted(SortedMap<SetId, KernelChanges.Members> members) {
    var restricted = new HashSet<SetId>();
    members.forEach(
        (set, changed) -> {
          if (!(isDenied(set) ? changed.added() : changed.removed()).isEmpty()) {
            restricted.add(set);
          }
        });
    return restricted;
  }

  /** Returns the changes of members that let more pass. */
  List<Edit> opening(SortedMap<SetId, KernelChanges.Members> members) {
    var edits = new ArrayList<Edit>();
    members.forEach(
        (set, changed) -> {
          if (isDenied(set)) {
            remove(set, changed.removed(), edits);
          } else {
            add(set, changed.added(), edits);
          }
        });
    return edits;
  }

  private boolean isDenied(SetId set) {
    return effects.containsKey(set) && effects.get(set).contains(Effect.DENY);
  }

  private static void add(SetId set, List<Element> elements, List<Edit> edits) {
    if (!elements.isEmpty()) {
      edits.add(new AddMembers(set, elements));
    }
  }

  private static void remove(SetId set, List<Element> elements, List<Edit> edits) {
    if (!elements.isEmpty()) {
      edits.add(new RemoveMembers(set, elements));
    }
  }
}
