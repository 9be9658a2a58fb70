package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import io.portcullis.policy.reach.Row.Effect;
import io.portcullis.policy.reach.Row.End;
import io.portcullis.policy.reach.Row.Reasons;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;

/** Flows of many parties' pods to what each has of its own: its node, or itself. */
record OwnGroup(Effect effect, Family family, PortSet ports, Listed from, Listed to, Row first)
    implements RowGroup {

  /** Parties at one end. */
  record Listed(List<End> all) implements Side {
    @Override
    public int size() {
      return all.size();
    }

    @Override
    public List<End> first(int most) {
      return all.subList(0, Math.min(most, all.size()));
    }
  }

  private record Key(Effect effect, PortSet ports, Party destination) {}

  /** Returns the groups of such rows, whose destinations are of that kind. */
  static List<RowGroup> of(Family family, Collection<Row> rows) {
    var groups = new LinkedHashMap<Key, List<Row>>();
    for (var row : rows) {
      groups
          .computeIfAbsent(
              new Key(row.effect(), row.ports(), row.destination().party()), _ -> new ArrayList<>())
          .add(row);
    }
    var all = new ArrayList<RowGroup>();
    groups.forEach(
        (key, alike) ->
            all.add(
                new OwnGroup(
                    key.effect(),
                    family,
                    key.ports(),
                    new Listed(alike.stream().map(Row::source).toList()),
                    new Listed(List.of(alike.getFirst().destination())),
                    alike.getFirst())));
    return all;
  }

  @Override
  public Side sources() {
    return from;
  }

  @Override
  public Side destinations() {
    return to;
  }

  @Override
  public boolean has(Party source, Party destination) {
    return true;
  }

  @Override
  public Reasons now() {
    return first.now();
  }

  @Override
  public Reasons before() {
    return first.before();
  }
}
