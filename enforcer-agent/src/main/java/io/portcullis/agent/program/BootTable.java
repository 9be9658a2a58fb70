package io.portcullis.agent.program;

import io.portcullis.nft.EditRenderer;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.RuleSet;

/**
 * Writes the table that a unit of the host loads at boot, before the agent is there. It knows no
 * pod, because pods have other addresses after a boot.
 */
public final class BootTable {
  private BootTable() {}

  /**
   * Returns the commands for nft. They fail where the table is there already.
   *
   * @param rules without endpoints
   * @param local what the agent that writes this adds to each table
   */
  public static String text(RuleSet rules, Stamp stamp, LocalEdits local) {
    return "# Written by the agent of Portcullis; loaded by portcullis-boot.service.\n"
        + NftRenderer.create(rules, NftRenderer.TABLE, stamp)
        + EditRenderer.text(NftRenderer.TABLE, local.of(StepName.FIRST, rules));
  }
}
