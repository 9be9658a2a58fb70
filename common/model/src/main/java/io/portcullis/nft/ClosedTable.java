package io.portcullis.nft;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The smallest table that lets nothing pass which a rule set denies: an endpoint with rules gets
 * and sends nothing new. It takes the place of a table that others have removed until that one is
 * loaded again, because the kernel takes it in a fraction of the time.
 */
public final class ClosedTable {
  private final StringBuilder out = new StringBuilder();
  private final RuleSet rules;

  private ClosedTable(RuleSet rules) {
    this.rules = rules;
  }

  /**
   * Returns the transaction that makes it as the {@link NftRenderer#SWAP_TABLE}; it fails where
   * that table is there.
   */
  public static String create(RuleSet rules, CutMark mark) {
    return new ClosedTable(rules).text(mark);
  }

  private String text(CutMark mark) {
    out.append("create table inet ").append(NftRenderer.SWAP_TABLE).append('\n');
    out.append("table inet ").append(NftRenderer.SWAP_TABLE).append(" {\n");
    chain("forward", mark, List.of(TrafficPath.EGRESS, TrafficPath.INGRESS));
    chain("input", mark, List.of(TrafficPath.TO_OWN_NODE));
    return out.append("}\n").toString();
  }

  private void chain(String hook, CutMark mark, List<TrafficPath> paths) {
    var drops = paths.stream().flatMap(this::drops).toList();
    if (drops.isEmpty()) {
      return;
    }
    out.append("  chain ").append(hook).append(" {\n");
    line(FixedChain.Hook.FILTER.text(hook));
    mark.rulesOfConnections().forEach(this::line);
    FixedChain.discovery(hook).forEach(rule -> line(rule.text()));
    drops.forEach(this::line);
    out.append("  }\n");
  }

  private Stream<String> drops(TrafficPath path) {
    return Arrays.stream(Family.values())
        .flatMap(family -> FixedRule.drop(path, family, closed(path, family)).stream());
  }

  private List<IpAddress> closed(TrafficPath path, Family family) {
    return rules.endpoints().stream()
        .filter(endpoint -> endpoint.chain(path).isPresent())
        .map(Endpoint::ip)
        .filter(ip -> ip.family() == family)
        .sorted()
        .toList();
  }

  private void line(String rule) {
    out.append("    ").append(rule).append('\n');
  }
}
